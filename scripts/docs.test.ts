import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { expect, test } from "vitest";

import { ERROR_CATALOGUE } from "#app/platform/errors.ts";

import { errorsPage, errorsPageNow } from "./docs.ts";

const ROOT = join(import.meta.dirname, "..");
const PAGES = globSync(["*.md", "docs/**/*.md"], { cwd: ROOT }).toSorted();

function textOf(file: string): string {
  return readFileSync(join(ROOT, file), "utf8");
}

/** Every match of the first group of `pattern` in the pages, with the page that it stands on. */
function mentions(pattern: RegExp): { page: string; found: string }[] {
  return PAGES.flatMap((page) => [...textOf(page).matchAll(pattern)].map((match) => ({ page, found: match[1] ?? "" })));
}

test("docs/errors.md tells the catalogue of errors as it is", async () => {
  expect(errorsPageNow()).toBe(await errorsPage());
  for (const code of Object.keys(ERROR_CATALOGUE)) expect(errorsPageNow()).toContain(`\`${code}\``);
});

test("every link between the pages, and from them into the code, leads to a file that is there", () => {
  // Pictures are taken by the browser tests and looked at before they are committed.
  const links = mentions(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g).filter(({ found }) => !found.includes("screenshots/"));
  expect(links.length).toBeGreaterThan(20);
  expect(links.filter(({ page, found }) => !existsSync(join(ROOT, dirname(page), found)))).toEqual([]);
});

test("every npm command in the pages is a script of the package", () => {
  const commands = mentions(/npm run ([a-z:]+)/g);
  const scripts: unknown = JSON.parse(textOf("package.json")).scripts;
  expect(commands.length).toBeGreaterThan(5);
  expect(commands.filter(({ found }) => !Object.hasOwn(Object(scripts), found))).toEqual([]);
});

test("every metric and every variable of the environment in the pages exists", () => {
  const metrics = textOf("app/platform/metrics.ts");
  expect(
    mentions(/\b(goodword_[a-z_]+_(?:total|seconds|rows))\b/g).filter(({ found }) => !metrics.includes(`"${found}"`)),
  ).toEqual([]);
  const variables = textOf(".env.example");
  const named = mentions(/\b((?:SHOPIFY|DATA|GOODWORD|DATABASE|REDIS|SMTP|PAYOUTS|METRICS|MAIL|JOB)_[A-Z_]+)\b/g);
  expect(named.filter(({ found }) => !variables.includes(`${found}=`))).toEqual([]);
});
