import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..");

export type SourceFile = { readonly path: string; readonly text: string; readonly lines: number };

/** @returns the project's own source files that match, generated ones left out */
export function sourceFiles(patterns: readonly string[]): SourceFile[] {
  const paths = globSync([...patterns], { cwd: ROOT, exclude: (path) => /node_modules|generated|build\//.test(path) });
  return paths.toSorted().map((path) => {
    const text = readFileSync(join(ROOT, path), "utf8");
    return { path, text, lines: text.split("\n").length - 1 };
  });
}

/** Reads one file of the repository. */
export function readProjectFile(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}
