import type { Language } from "./language.ts";
import { DE } from "./languages/de.ts";
import { EN } from "./languages/en.ts";
import { ES } from "./languages/es.ts";
import { FR } from "./languages/fr.ts";
import { JA } from "./languages/ja.ts";
import { NL } from "./languages/nl.ts";
import type { Phrases } from "./languages/phrases.ts";

const PHRASES: Readonly<Record<Language, Phrases>> = { en: EN, de: DE, fr: FR, es: ES, nl: NL, ja: JA };

/** The fixed words of a language. */
export function phrasesOf(language: Language): Phrases {
  return PHRASES[language];
}

/** Puts values into the `{places}` of a phrase, in one pass; a place without a value stays as it is. */
export function put(phrase: string, values: Readonly<Record<string, string>>): string {
  return phrase.replace(/\{(\w+)\}/g, (whole: string, place: string) => values[place] ?? whole);
}

/** "1 day", "12 days", in the plural that the language has for the number. */
export function daysInWords(days: number, language: Language): string {
  const { days: forms } = phrasesOf(language);
  const form = forms[new Intl.PluralRules(language).select(days)] ?? forms.other;
  return put(form, { n: new Intl.NumberFormat(language).format(days) });
}
