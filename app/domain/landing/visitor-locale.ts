import { languageOf } from "../note/language.ts";
import type { Language } from "../note/language.ts";

/** What a browser names at most; a longer list is nobody's. */
const NAMED_MAX = 20;
const QUALITY = /^q=(0(?:\.\d{1,3})?|1(?:\.0{1,3})?)$/;

/**
 * The locale to speak to a visitor of the storefront in: that of the page they are on, else what their browser prefers,
 * else the shop's language. Only languages that we write count; the region stays, since it says how money is printed.
 *
 * @param asked of the page, such as "de" or "pt-BR"; anything a stranger may send
 * @param acceptLanguage the header as it came
 * @returns a locale whose language is one of ours
 */
export function visitorLocale(
  asked: string | null | undefined,
  acceptLanguage: string | null | undefined,
  ofShop: Language,
): string {
  const wanted = [asked ?? "", ...preferred(acceptLanguage ?? "")];
  const spoken = wanted.find((locale) => languageOf(locale) !== null);
  return spoken === undefined ? ofShop : tidied(spoken);
}

/** The locales of an Accept-Language header, the best first; of two alike the one that came first. RFC 9110, 12.5.4. */
function preferred(header: string): string[] {
  return header
    .split(",", NAMED_MAX)
    .map((part) => {
      const [locale = "", ...parameters] = part.split(";").map((text) => text.trim());
      const quality = parameters.map((text) => QUALITY.exec(text)?.[1]).find((found) => found !== undefined);
      return { locale, quality: Number(quality ?? "1") };
    })
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality)
    .map(({ locale }) => locale);
}

/** "de_at" as "de-AT"; what is behind a language and no region of two letters is left out. */
function tidied(locale: string): string {
  const [language = "", region = ""] = locale.toLowerCase().split(/[-_]/);
  return /^[a-z]{2}$/.test(region) ? `${language}-${region.toUpperCase()}` : language;
}
