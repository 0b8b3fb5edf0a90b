import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { applyHunks } from "../lib/patched-source.ts";
import type { Hunk } from "../lib/patched-source.ts";

const ROOT = join(import.meta.dirname, "..", "..");

/** One `await` of the source. */
export type AwaitPoint = {
  readonly id: number;
  readonly file: string;
  readonly line: number;
  /** `app/jobs/drain.ts:117 inShop(…)`: the place, and what is awaited there. */
  readonly name: string;
};

export type Instrumented = {
  readonly points: readonly AwaitPoint[];
  /** Sources with a call before and after every await, by path from the root. */
  readonly sources: Readonly<Record<string, string>>;
  /** `for await`, which has no place for such a call. */
  readonly loops: readonly string[];
};

const WORDS_MAX = 48;

/** Every source file of these folders, tests and generated code apart, in a fixed order. */
export function sourcesUnder(folders: readonly string[]): string[] {
  return folders
    .flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`),
    )
    .filter((path) => path.endsWith(".ts") && !/\.(test|d)\.ts$/.test(path) && !path.includes("/generated/"))
    .toSorted();
}

/**
 * Puts a call before and after every await of these files: `await x` becomes `__after(7, await (__before(7), x))`.
 *
 * @param hunks guards to take out before that; each must be there exactly once
 */
export function instrument(files: readonly string[], hunks: readonly Hunk[] = []): Instrumented {
  const points: AwaitPoint[] = [];
  const loops: string[] = [];
  const sources: Record<string, string> = {};
  for (const file of files) {
    const original = readFileSync(join(ROOT, file), "utf8");
    const text = applyHunks(file, original, hunks) ?? original;
    const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
    const lineOf = (position: number): number => tree.getLineAndCharacterOfPosition(position).line + 1;
    const edits: { at: number; insert: string }[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isForOfStatement(node) && node.awaitModifier !== undefined) loops.push(`${file}:${lineOf(node.pos)}`);
      if (ts.isAwaitExpression(node)) {
        const id = points.length;
        const [start, inner] = [node.getStart(tree), node.expression.getStart(tree)];
        points.push({
          id,
          file,
          line: lineOf(start),
          name: `${file}:${lineOf(start)} ${wordsOf(node.expression.getText(tree))}`,
        });
        edits.push(
          { at: start, insert: `__after(${id}, ` },
          { at: inner, insert: `(__before(${id}), ` },
          { at: node.end, insert: "))" },
        );
      }
      ts.forEachChild(node, visit);
    };
    visit(tree);
    if (edits.length > 0) sources[file] = withEdits(text, edits);
  }
  return { points, sources, loops };
}

function withEdits(text: string, edits: readonly { at: number; insert: string }[]): string {
  const ordered = edits.toSorted((a, b) => a.at - b.at);
  let [done, from] = ["", 0];
  for (const { at, insert } of ordered) {
    done += text.slice(from, at) + insert;
    from = at;
  }
  return done + text.slice(from);
}

function wordsOf(expression: string): string {
  const words = expression.replace(/\s+/g, " ");
  return words.length <= WORDS_MAX ? words : `${words.slice(0, WORDS_MAX)}…`;
}
