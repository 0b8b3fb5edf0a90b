import type { Language } from "./language.ts";

type LatinLanguage = Exclude<Language, "ja">;

/** Short words that a sentence of the language can hardly do without; which of them occur tells the five apart. */
const COMMON_WORDS: Readonly<Record<LatinLanguage, ReadonlySet<string>>> = {
  en: wordsOf(
    "the and you your for from this that these with here is are was my of to our so when it we as have has on a an be at who them their they will if just i me us",
  ),
  de: wordsOf(
    "und der die das den dem ist nicht du dir dich dein deine deinem für mit hier ich mich mein meinem zu uns auf bei dass wir ein eine einen es im von hat ihr als war auch wenn",
  ),
  fr: wordsOf(
    "et le la les un une est pour avec dans vous votre ton ta tes te tu je j mon ma ce cette nous de du des au que qui sur à en se sa son c d l",
  ),
  es: wordsOf(
    "y el la los las una un es está para con en tu te mi me este esta por que del de nos a su se lo al con soy gracias",
  ),
  nl: wordsOf(
    "en de het een is voor met je jij jouw mijn ik deze dit van op bij ons wij dat naar hier door om te niet er als ook hebt bent zijn was",
  ),
};
const LATIN_LANGUAGES: readonly LatinLanguage[] = ["en", "de", "fr", "es", "nl"];
const COMMON_LEAST = 2;
const NOT_LATIN = /(?!\p{Script=Latin})\p{L}/u;
const KANA = /[\p{Script=Hiragana}\p{Script=Katakana}]/gu;
const NOT_JAPANESE = /(?![\p{Script=Latin}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}ー々])\p{L}/u;
const LATIN = /\p{Script=Latin}/gu;

/**
 * Says whether words are written in a language: in its script, with more of its own common words than of another's. Sure
 * enough to refuse an answer in the wrong language; it does not judge style.
 */
export function isInLanguage(words: string, language: Language): boolean {
  if (language === "ja") {
    const kana = matchesOf(KANA, words).length;
    return !NOT_JAPANESE.test(words) && kana > 0 && kana >= matchesOf(LATIN, words).length;
  }
  if (NOT_LATIN.test(words)) return false;
  const seen = matchesOf(/\p{L}+/gu, words.toLowerCase());
  const countOf = (of: LatinLanguage): number => seen.filter((word) => COMMON_WORDS[of].has(word)).length;
  const own = countOf(language);
  return own >= COMMON_LEAST && LATIN_LANGUAGES.every((other) => countOf(other) <= own);
}

function matchesOf(pattern: RegExp, words: string): readonly string[] {
  return [...words.matchAll(pattern)].map(([match]) => match);
}

function wordsOf(list: string): ReadonlySet<string> {
  return new Set(list.split(" "));
}
