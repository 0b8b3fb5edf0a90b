import fc from "fast-check";
import { expect, test } from "vitest";
import { languageOf } from "../note/language.ts";
import { visitorLocale } from "./visitor-locale.ts";

test.each([
  ["the page's own language", "de", "fr-FR,fr;q=0.9", "de"],
  ["the page's own region", "en_gb", null, "en-GB"],
  ["what the browser prefers, where the page says nothing", null, "fr-CA,fr;q=0.9,en;q=0.8", "fr-CA"],
  ["the best of what the browser names that we write", "sv-SE", "sv,da;q=0.9,es;q=0.5,nl;q=0.7", "nl"],
  ["the first of two that are alike", null, "ja,de", "ja"],
  ["nothing that the browser refuses", null, "de;q=0,en;q=0.1", "en"],
  ["the shop's, for a browser that says nothing", null, null, "es"],
  ["the shop's, for languages that we do not write", "sv", "pt-BR,*;q=0.1", "es"],
  ["the language alone, where no region is behind it", "zh-Hant-TW", "ja-Jpan-JP", "ja"],
] as const)("a visitor is spoken to in %s", (_what, asked, header, locale) => {
  expect(visitorLocale(asked, header, "es")).toBe(locale);
});

test("whatever a stranger sends, the locale is of a language of ours and one that money can be printed in", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (asked, header) => {
      const locale = visitorLocale(asked, header, "nl");
      expect(languageOf(locale)).not.toBeNull();
      expect(() => new Intl.NumberFormat(locale)).not.toThrow();
    }),
  );
});
