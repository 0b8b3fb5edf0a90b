import { existsSync } from "node:fs";
import { join } from "node:path";
import { parse } from "smol-toml";
import { expect, test } from "vitest";
import { WEBHOOK_TOPICS } from "#app/edge/extract/extract-facts.ts";
import { JOB_NAMES } from "#app/jobs/catalog.ts";
import { readProjectFile, sourceFiles } from "./source-files.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const CODE = [
  "app/**/*.{ts,tsx}",
  "simulator/**/*.ts",
  "scripts/**/*.{ts,mjs}",
  "proof/**/*.ts",
  "bench/**/*.ts",
  "extensions/**/*.{js,ts}",
];
const LINES_MAX = 300;
const LINES_MEDIAN_MAX = 80;

test("no source file is longer than 300 lines, and half of them are at most 80", () => {
  const files = sourceFiles(CODE).filter((file) => !file.path.includes(".test."));
  expect(files.filter((file) => file.lines > LINES_MAX).map((file) => `${file.path}: ${file.lines}`)).toEqual([]);
  const sizes = files.map((file) => file.lines).toSorted((a, b) => a - b);
  expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(LINES_MEDIAN_MAX);
});

test("no source file carries a leftover", () => {
  const banned =
    /\b(?:TODO(?!\(#\d+\))|FIXME|HACK)\b|@ts-(?:ignore|nocheck|expect-error)|(?:eslint|oxlint)-disable|\bas any[;,)\].]|: any[;,)\]=]|\bdebugger;/;
  const found = sourceFiles([...CODE, "test/**/*.ts"])
    .filter((file) => !file.path.endsWith("tidy.test.ts"))
    .flatMap((file) =>
      file.text
        .split("\n")
        .flatMap((line, index) => (banned.test(line) ? [`${file.path}:${index + 1} ${line.trim()}`] : [])),
    );
  expect(found).toEqual([]);
});

test("no test is skipped by hand, or runs alone", () => {
  const banned = /\b(?:test|it|describe)\.(?:only|todo)\b|\bxit\(|\bxtest\(/;
  const found = sourceFiles(["{app,simulator,test,proof,scripts,extensions}/**/*.test.{ts,tsx}"]).filter(
    (file) => !file.path.endsWith("tidy.test.ts") && banned.test(file.text),
  );
  expect(found.map((file) => file.path)).toEqual([]);
});

test("every job of the catalogue has a processor and a test that names it", () => {
  const tests = sourceFiles(["app/jobs/**/*.test.ts", "test/queue/**/*.test.ts"])
    .map((file) => file.text)
    .join("\n");
  for (const name of JOB_NAMES) {
    const file = `app/jobs/${name.replace(".", "-")}.processor.ts`;
    expect(existsSync(join(ROOT, file)), `${file} exists`).toBe(true);
    expect(tests.includes(`"${name}"`) || tests.includes(name), `a test names ${name}`).toBe(true);
  }
});

test("every webhook topic in shopify.app.toml is taken by the door, and no other, commented ones included", () => {
  const written = readProjectFile("shopify.app.toml");
  const optional = written.replaceAll(/^# (\[\[webhooks|topics = |uri = )/gm, "$1");
  expect(optional).not.toBe(written);
  const config = parse(optional);
  const declared = subscriptionsOf(config).flatMap((subscription) => [
    ...textsOf(subscription["topics"]),
    ...textsOf(subscription["compliance_topics"]),
  ]);
  expect(declared.length).toBeGreaterThan(15);
  expect(declared.toSorted()).toEqual([...WEBHOOK_TOPICS].toSorted());
});

test("order topics always name updated_at among their fields, or Shopify drops deliveries as repeats", () => {
  const filtered = subscriptionsOf(parse(readProjectFile("shopify.app.toml"))).filter(
    (subscription) => subscription["include_fields"] !== undefined,
  );
  expect(filtered.length).toBeGreaterThan(0);
  for (const subscription of filtered) expect(textsOf(subscription["include_fields"])).toContain("updated_at");
});

test("the project speaks of itself alone", () => {
  const files = sourceFiles(["**/*.{ts,tsx,mjs,js,md,sql,toml,json,liquid,yaml,yml}"]).filter(
    (file) => file.path !== "package-lock.json",
  );
  const banned = [/\/work\//, /\.library\b/, /registry\.npmjs/, /\bsub-?agents?\b/i, new RegExp(`${"shared"}/design`)];
  const found = files.filter(
    (file) => !file.path.endsWith("tidy.test.ts") && banned.some((pattern) => pattern.test(file.text)),
  );
  expect(found.map((file) => file.path)).toEqual([]);
});

function subscriptionsOf(config: Record<string, unknown>): Record<string, unknown>[] {
  const webhooks = config["webhooks"];
  const list = typeof webhooks === "object" && webhooks !== null ? Reflect.get(webhooks, "subscriptions") : undefined;
  return Array.isArray(list) ? list : [];
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
