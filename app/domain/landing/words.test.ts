import { expect, test } from "vitest";
import { LANGUAGES } from "../note/language.ts";
import { landingWords } from "./words.ts";
import type { LandingWords } from "./words/landing-words.ts";

/** Every text with the path that leads to it. */
function textsOf(words: object, path = ""): [string, string][] {
  return Object.entries(words).flatMap(([name, value]): [string, string][] =>
    typeof value === "string" ? [[path + name, value]] : textsOf(value as object, `${path}${name}.`),
  );
}

function placesOf(text: string): string[] {
  return [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).toSorted();
}

test.each(LANGUAGES)("the landing page's words in %s have every text, with the same places as English", (language) => {
  const english = new Map(textsOf(landingWords("en")));
  for (const [path, text] of textsOf(landingWords(language))) {
    expect(text.trim(), path).not.toBe("");
    expect(placesOf(text), path).toEqual(placesOf(english.get(path) ?? ""));
  }
});

test("no two languages say the same", () => {
  const titles = LANGUAGES.map((language): LandingWords["ask"] => landingWords(language).ask);
  expect(new Set(titles).size).toBe(LANGUAGES.length);
});

test.each(["sv-SE", "pt", "not a locale", ""])(
  "a page for %j, a language that we do not write, speaks English",
  (locale) => {
    expect(landingWords(locale)).toBe(landingWords("en"));
  },
);
