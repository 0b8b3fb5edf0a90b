import { languageOf } from "../../domain/note/language.ts";
import { phrasesOf, put } from "../../domain/note/phrases.ts";
import type { TermsJson } from "../../domain/terms/terms-json.ts";

export type RewardSampleOf = Pick<TermsJson, "referrer" | "friend">;

/** A side's reward in the words of a language, as a note would have it; only for looking at, since the ledger decides. */
export function rewardSample(
  rewards: RewardSampleOf,
  side: "referrer" | "friend",
  { currency, language }: { currency: string; language: string },
): string {
  const { kind, amount } = rewards[side];
  const phrases = phrasesOf(languageOf(language) ?? "en").rewards;
  const money = new Intl.NumberFormat(language, { style: "currency", currency, trailingZeroDisplay: "stripIfInteger" });
  const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 2 });
  return put(phrases[kind], { money: money.format(Number(amount)), percent: percent.format(Number(amount) / 100) });
}
