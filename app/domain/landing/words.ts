import { languageOf } from "../note/language.ts";
import type { Language } from "../note/language.ts";
import { DE } from "./words/de.ts";
import { EN } from "./words/en.ts";
import { ES } from "./words/es.ts";
import { FR } from "./words/fr.ts";
import { JA } from "./words/ja.ts";
import type { LandingWords } from "./words/landing-words.ts";
import { NL } from "./words/nl.ts";

const WORDS: Readonly<Record<Language, LandingWords>> = { en: EN, de: DE, fr: FR, es: ES, nl: NL, ja: JA };

/** The words of a locale's language; English for a language that is none of ours. */
export function landingWords(locale: string): LandingWords {
  return WORDS[languageOf(locale) ?? "en"];
}
