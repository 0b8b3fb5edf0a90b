import { dirname, relative } from "node:path";
import { z } from "zod";

const Place = z.object({ line: z.number().optional(), column: z.number().nullish() });
const Range = z.object({ start: Place, end: Place });
const FileReport = z.object({
  path: z.string(),
  branchMap: z.record(z.string(), z.object({ type: z.string(), loc: Range, locations: z.array(Range) })),
  b: z.record(z.string(), z.array(z.number())),
  fnMap: z.record(z.string(), z.object({ name: z.string(), loc: Range })),
  f: z.record(z.string(), z.number()),
});
/** What vitest writes as `coverage-final.json`, as far as it is read here. */
export const CoverageReport = z.record(z.string(), FileReport);
type CoverageReport = z.infer<typeof CoverageReport>;

/** A way through the code that no test takes: a branch, or a function that is never called. */
export type Untaken = { readonly file: string; readonly line: number; readonly what: string };
export type FolderCount = { readonly folder: string; taken: number; all: number };
export type Branches = { readonly folders: readonly FolderCount[]; readonly untaken: readonly Untaken[] };

/**
 * The one kind of branch that is no way through the code: `assertNever` behind a switch over all there is. The compiler
 * proves that it is never reached, so a test could only reach it by a lie about a type.
 */
const PROVEN_UNREACHABLE = /^default:\s*(?:return |throw )?assertNever\(/;

/**
 * Reads which branches and functions the tests have taken.
 *
 * @param root absolute path that file names are told from @param sourceOf the text of a file, by its absolute path
 */
export function readBranches(report: CoverageReport, root: string, sourceOf: (path: string) => string): Branches {
  const folders = new Map<string, FolderCount>();
  const untaken: Untaken[] = [];
  for (const { path, branchMap, b, fnMap, f } of Object.values(report)) {
    const file = relative(root, path);
    const folder = dirname(file);
    const count = folders.get(folder) ?? { folder, taken: 0, all: 0 };
    folders.set(folder, count);
    const lines = sourceOf(path).split("\n");
    const note = (isTaken: boolean, line: number, what: string): void => {
      count.all += 1;
      if (isTaken) count.taken += 1;
      else untaken.push({ file, line, what });
    };
    for (const [id, branch] of Object.entries(branchMap))
      for (const [place, range] of branch.locations.entries()) {
        const line = range.start.line ?? branch.loc.start.line ?? 0;
        const isImplied = range.start.line === undefined;
        const text = textFrom(lines, line, isImplied ? 0 : (range.start.column ?? 0));
        if (PROVEN_UNREACHABLE.test(text)) continue;
        note((b[id]?.[place] ?? 0) > 0, line, `${branch.type}${isImplied ? ", else" : ""}: ${text.split("\n")[0]}`);
      }
    for (const [id, { name, loc }] of Object.entries(fnMap))
      note((f[id] ?? 0) > 0, loc.start.line ?? 0, `never called: ${name}`);
  }
  return {
    folders: [...folders.values()].toSorted((left, right) => left.folder.localeCompare(right.folder)),
    untaken: untaken.toSorted((left, right) => left.file.localeCompare(right.file) || left.line - right.line),
  };
}

/** How much of what there is was taken, in percent; all of nothing is all. */
export function percentTaken(counts: readonly FolderCount[]): number {
  const all = counts.reduce((sum, count) => sum + count.all, 0);
  const taken = counts.reduce((sum, count) => sum + count.taken, 0);
  return all === 0 ? 100 : (100 * taken) / all;
}

function textFrom(lines: readonly string[], line: number, column: number): string {
  return [(lines[line - 1] ?? "").slice(column), lines[line] ?? ""].join("\n").trim();
}
