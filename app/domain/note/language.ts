/** The languages that customers are written to in. */
export const LANGUAGES = ["en", "de", "fr", "es", "nl", "ja"] as const;
export type Language = (typeof LANGUAGES)[number];

/** What a merchant's page calls them. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  en: "English",
  de: "German",
  fr: "French",
  es: "Spanish",
  nl: "Dutch",
  ja: "Japanese",
};

/** The language of a locale such as "de-AT"; null for none of ours, and for what is no locale. */
export function languageOf(locale: string | null | undefined): Language | null {
  const [first = ""] = (locale ?? "").toLowerCase().split(/[-_]/);
  return LANGUAGES.find((language) => language === first) ?? null;
}

/** The language to write to somebody in: theirs if it is one of ours, else the shop's. */
export function languageFor(locale: string | null | undefined, ofShop: Language): Language {
  return languageOf(locale) ?? ofShop;
}
