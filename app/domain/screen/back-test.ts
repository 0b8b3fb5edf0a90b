import { readFeatures } from "./read-features.ts";
import type { FiredRule, ScreenSettings, ScreenVerdict } from "./screen.ts";
import { screen } from "./screen.ts";

/** A referral's last decision, with the features it was made on. `at`: epoch milliseconds. */
export type PastDecision = {
  readonly referralId: string;
  readonly at: number;
  readonly verdict: ScreenVerdict;
  readonly score: number;
  readonly features: unknown;
};

/** What other settings would have made of a referral: held it, blocked it, or let it through. */
export type BackTestChange = "held" | "blocked" | "released";

/** One referral that other settings would have judged in another way. */
export type BackTestCase = {
  readonly referralId: string;
  readonly at: number;
  readonly change: BackTestChange;
  readonly was: { readonly verdict: ScreenVerdict; readonly score: number };
  readonly would: { readonly verdict: ScreenVerdict; readonly score: number; readonly rules: readonly FiredRule[] };
};

export type BackTest = {
  readonly tested: number;
  /** Decisions whose features are not this program's. */
  readonly unreadable: number;
  readonly held: number;
  readonly blocked: number;
  readonly released: number;
  /** Newest first, all of them. */
  readonly cases: readonly BackTestCase[];
};

const CHANGE_TO: { readonly [K in ScreenVerdict]: BackTestChange } = {
  hold: "held",
  block: "blocked",
  pass: "released",
};

/** Judges past referrals anew by other settings, on the features that were stored, and tells which would have come out otherwise. */
export function backTest(past: readonly PastDecision[], settings: ScreenSettings): BackTest {
  const judged = past.map((decision) => judge(decision, settings));
  const cases = judged
    .filter((one) => one !== "same" && one !== "unreadable")
    .toSorted((left, right) => right.at - left.at || (left.referralId < right.referralId ? -1 : 1));
  const count = (change: BackTestChange): number => cases.filter((one) => one.change === change).length;
  return {
    tested: past.length,
    unreadable: judged.filter((one) => one === "unreadable").length,
    held: count("held"),
    blocked: count("blocked"),
    released: count("released"),
    cases,
  };
}

function judge(past: PastDecision, settings: ScreenSettings): BackTestCase | "same" | "unreadable" {
  const features = readFeatures(past.features);
  if (features === null) return "unreadable";
  const { verdict, score, rules } = screen(features, settings);
  if (verdict === past.verdict) return "same";
  const { referralId, at } = past;
  const was = { verdict: past.verdict, score: past.score };
  return { referralId, at, change: CHANGE_TO[verdict], was, would: { verdict, score, rules } };
}
