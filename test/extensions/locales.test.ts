import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isObject } from "#app/domain/json/read.ts";
import { PUBLIC_REASONS } from "#app/domain/referral/public-why.ts";
import { APPEAL_GROUNDS } from "#app/domain/review/appeal.ts";

const LANGUAGES = ["de", "en", "es", "fr", "ja", "nl"];
const FORMS = new Set(["zero", "one", "two", "few", "many", "other"]);
const EXTENSIONS = join(import.meta.dirname, "..", "..", "extensions");
const folders = globSync("*/locales", {
  cwd: EXTENSIONS,
  exclude: (path) => path.startsWith("referral-storefront"),
}).toSorted();

/** Every text of a file by its path; a plural is one text with its forms. */
function textsOf(value: unknown, path = ""): Map<string, string[]> {
  if (typeof value === "string") return new Map([[path, [value]]]);
  if (!isObject(value)) throw new Error(`${path} is neither a text nor a group`);
  const forms = Object.entries(value);
  if (forms.every(([key]) => FORMS.has(key))) return new Map([[path, forms.map(([, text]) => String(text))]]);
  return new Map(forms.flatMap(([key, inner]) => [...textsOf(inner, path === "" ? key : `${path}.${key}`)]));
}

function read(folder: string, language: string): Map<string, string[]> {
  const files = globSync(`${language}{,.default}{,.schema}.json`, { cwd: join(EXTENSIONS, folder) });
  const texts = files
    .filter((file) => !file.includes(".schema"))
    .map((file) => textsOf(JSON.parse(readFileSync(join(EXTENSIONS, folder, file), "utf8"))));
  expect(texts, `${folder} speaks ${language} once`).toHaveLength(1);
  return texts[0] ?? new Map();
}

function tokensOf(text: string): string[] {
  return [...text.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, name]) => name ?? "").toSorted();
}

test("there are extensions with texts", () => {
  expect(folders.length).toBeGreaterThan(0);
});

test.each(folders)("%s says the same things in six languages, with the same figures in them", (folder) => {
  const english = read(folder, "en");
  for (const language of LANGUAGES) {
    const texts = read(folder, language);
    expect([...texts.keys()].toSorted(), language).toEqual([...english.keys()].toSorted());
    for (const [path, forms] of texts)
      for (const text of forms) {
        expect(text.trim(), `${language} ${path}`).not.toBe("");
        expect(tokensOf(text), `${language} ${path}`).toEqual(tokensOf(english.get(path)?.[0] ?? ""));
      }
  }
});

test.each(folders)("%s has every plural form that its languages know", (folder) => {
  for (const language of LANGUAGES) {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const [path, texts] of read(folder, language))
      if (path.endsWith("count")) expect(texts.length, `${language} ${path}`).toBe(forms.length);
  }
});

test("the account page has words for every public reason and every ground of an appeal", () => {
  const english = read("referral-account/locales", "en");
  for (const reason of PUBLIC_REASONS) {
    expect(english.has(`why.${reason}`), reason).toBe(true);
    expect(english.has(`state.${reason}`), reason).toBe(true);
  }
  for (const ground of APPEAL_GROUNDS) expect(english.has(`appeal.ground.${ground}`), ground).toBe(true);
});
