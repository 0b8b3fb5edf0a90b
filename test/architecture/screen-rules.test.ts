import { basename } from "node:path";
import { expect, test } from "vitest";
import { RULES } from "#app/domain/screen/registry.ts";
import { readProjectFile, sourceFiles } from "./source-files.ts";

const FOLDER = "app/domain/screen/rules";
const files = sourceFiles([`${FOLDER}/*.ts`]);
const idOf = (path: string): string => basename(path, ".ts").replaceAll("-", "_");

test("every file of a screen rule is a rule of the set, and every rule has a file of its own", () => {
  expect(files.map(({ path }) => idOf(path)).toSorted()).toEqual(RULES.map(({ id }) => id).toSorted());
  for (const { path, text } of files) expect(text, path).toContain(`id: "${idOf(path)}"`);
});

test("every file of a screen rule has its table of cases on both sides", () => {
  const tables = readProjectFile("app/domain/screen/rules.test.ts");
  const without = files.filter(({ path }) => !new RegExp(`(?:id: |\\()"${idOf(path)}"`).test(tables));
  expect(without.map(({ path }) => path)).toEqual([]);
});

test("every screen rule is said in plain words", () => {
  const words = readProjectFile("app/ui/rule-words.ts");
  expect(RULES.filter(({ id }) => !words.includes(`${id}:`)).map(({ id }) => id)).toEqual([]);
});
