import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parse } from "smol-toml";
import { z } from "zod";

/** One place where an extension of the app is shown, as its `shopify.extension.toml` declares it. */
export type ExtensionTarget = {
  readonly target: string;
  readonly handle: string;
  /** The extension's own folder, which holds its texts. */
  readonly folder: string;
  /** The source that Shopify's command line would bundle. */
  readonly entry: string;
};

const Targeting = z.object({ target: z.string(), module: z.string() });
const UiExtension = z.object({ type: z.string(), handle: z.string(), targeting: z.array(Targeting).default([]) });
const ExtensionToml = z.object({ extensions: z.array(UiExtension).default([]) });

/** Where the extensions lie in this repository. */
export const EXTENSIONS_FOLDER = resolve(import.meta.dirname, "../../extensions");

/** Reads what every UI extension of the app extends. Throws when a file is malformed. */
export function loadExtensionTargets(folder: string = EXTENSIONS_FOLDER): readonly ExtensionTarget[] {
  return globSync("*/shopify.extension.toml", { cwd: folder })
    .toSorted()
    .flatMap((path) => targetsOf(join(folder, path)));
}

function targetsOf(path: string): ExtensionTarget[] {
  const folder = dirname(path);
  const toml = ExtensionToml.parse(parse(readFileSync(path, "utf8")));
  return toml.extensions
    .filter(({ type }) => type === "ui_extension")
    .flatMap(({ handle, targeting }) =>
      targeting.map(({ target, module }) => ({ target, handle, folder, entry: join(folder, module) })),
    );
}

/** Shopify's choice of a text file: the reader's language where the extension speaks it, else its default. */
export function textsOf(folder: string, locale: string): unknown {
  const language = locale.split("-")[0] ?? "";
  const files = globSync("*.json", { cwd: join(folder, "locales") });
  const fallback = files.find((file) => file.endsWith(".default.json"));
  const own = files.find((file) => basename(file).split(".")[0] === language) ?? fallback;
  return own === undefined ? {} : JSON.parse(readFileSync(join(folder, "locales", own), "utf8"));
}
