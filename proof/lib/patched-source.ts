import { registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const ROOT = join(import.meta.dirname, "..", "..");

/** One place of a source file, and what stands there instead while a proof runs. */
export type Hunk = {
  /** From the root of the repository. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
};

/** A hunk's text is not where it was: nothing would be removed, and nothing shown. */
export class HunkLost extends Error {
  override readonly name = "HunkLost";
}

/**
 * Changes the sources of this process as they are loaded; the files stay as they are. Call it before what is changed is
 * imported for the first time.
 *
 * @param change Gets the path from the root and the source, returns the source to run; null leaves it alone.
 */
export function changeSources(change: (path: string, source: string) => string | null): void {
  const root = `${pathToFileURL(ROOT).href}/`;
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (!url.startsWith(root) || url.includes("/node_modules/")) return loaded;
      const path = decodeURIComponent(url.slice(root.length)).split("?")[0] ?? "";
      const changed = change(path, textOf(loaded.source));
      return changed === null ? loaded : { ...loaded, source: changed };
    },
  });
}

function textOf(source: string | ArrayBuffer | NodeJS.TypedArray | undefined): string {
  if (typeof source === "string") return source;
  return source === undefined ? "" : new TextDecoder().decode(source);
}

/** Replaces text that must be there exactly once. @throws HunkLost when it is not */
export function applyHunks(path: string, source: string, hunks: readonly Hunk[]): string | null {
  const own = hunks.filter(({ file }) => file === path);
  if (own.length === 0) return null;
  return own.reduce((text, { from, to }) => {
    const times = text.split(from).length - 1;
    if (times !== 1) throw new HunkLost(`${path} says "${from.trim()}" ${times} times, not once`);
    return text.replace(from, () => to);
  }, source);
}
