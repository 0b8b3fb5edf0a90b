import { readDraft } from "#app/data/drafts.repo.ts";
import { readProfile } from "#app/data/people.repo.ts";
import { rewardsOfReferral } from "#app/data/rewards.repo.ts";
import type { RewardRow } from "#app/data/rewards.repo.ts";
import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import type { Tx } from "#app/data/tenant.ts";
import { currentTerms, termsOfVersion } from "#app/data/terms.repo.ts";
import { wordSettings, wordTemplate } from "#app/data/words.repo.ts";
import type { WordSettings } from "#app/data/words.repo.ts";
import { parseCurrency } from "#app/domain/money/currency.ts";
import { chooseWords } from "#app/domain/note/choose-words.ts";
import type { Candidate, ChosenWords } from "#app/domain/note/choose-words.ts";
import { describeReward } from "#app/domain/note/describe-reward.ts";
import { languageFor } from "#app/domain/note/language.ts";
import type { Language } from "#app/domain/note/language.ts";
import type { ThanksKind } from "#app/domain/note/note-kind.ts";
import { SIDE } from "#app/domain/reward/side.ts";
import type { Terms } from "#app/domain/terms/terms.ts";
import { invariant } from "#app/platform/errors.ts";
import type { Keys } from "#app/platform/keys.ts";
import { openPersonProfile } from "#app/platform/sealed-profile.ts";
import type { Profile } from "#app/platform/sealed-profile.ts";
import type { WordsAsk, WordsPart } from "#app/usecases/words-port.ts";
import { localeOf, nameOf } from "./invite-words.ts";
import { writtenWords } from "./written-words.ts";

/** What thanks to somebody say, but for the words: all of it from the ledger and the profiles. */
export type ThanksFacts = {
  readonly kind: ThanksKind;
  readonly language: Language;
  readonly settings: WordSettings;
  /** "£10 off". */
  readonly reward: string;
  readonly offer: WordsPart["offer"];
  readonly otherName: string | null;
};

/** @returns the facts of a reward's thanks; null when nobody can say what it is worth */
export async function thanksFacts(
  tx: Tx,
  keys: Keys,
  of: { shop: KnownShop; reward: RewardRow; profile: Profile | null; settings: WordSettings },
): Promise<ThanksFacts | null> {
  const { shop, reward, profile, settings } = of;
  const worth = await worthOf(tx, shop.shopId, reward);
  if (worth === null) return null;
  const language = languageFor(profile?.locale, settings.language);
  const other = reward.otherPersonId === null ? null : await profileIn(tx, keys, shop.shopId, reward.otherPersonId);
  return {
    kind: kindOf(reward),
    language,
    settings,
    reward: describeReward(worth.offered, worth.unit, localeOf(profile?.locale ?? null, language)),
    offer: worth.offered.kind,
    otherName: other === null ? null : nameOf(other),
  };
}

/** The thanks that go out: the model's words, else the merchant's, else the product's. */
export async function thanksWords(
  tx: Tx,
  of: { shop: KnownShop; reward: RewardRow; now: Date },
  facts: ThanksFacts,
): Promise<ChosenWords> {
  const { shopId, name: shopName } = of.shop;
  const { kind, language } = facts;
  const candidates: Candidate[] = [];
  const { referralId } = of.reward;
  if (facts.settings.modelOn && isEarned(of.reward) && referralId !== null) {
    const draft = await readDraft(tx, { shopId, kind: "thanks", subjectId: referralId }, of.now);
    candidates.push(...writtenWords(draft, kind));
  }
  const edited = await wordTemplate(tx, { shopId, kind, language });
  if (edited !== null) candidates.push({ words: edited, source: `edited:${language}` });
  const values = { reward: facts.reward, ...(facts.otherName === null ? {} : { name: facts.otherName }) };
  return chooseWords({ kind, language, shopName, values }, candidates);
}

/** What the model is asked when a referral is paid: the thanks of both sides, of one call. Null when there is nothing to ask. */
export async function thanksAsk(
  tx: Tx,
  keys: Keys,
  of: { shop: KnownShop; referralId: string },
): Promise<WordsAsk | null> {
  const { shop, referralId } = of;
  const settings = await wordSettings(tx, shop.shopId);
  const parts: WordsPart[] = [];
  for (const reward of await rewardsOfReferral(tx, shop.shopId, referralId)) {
    const profile = await profileIn(tx, keys, shop.shopId, reward.personId);
    const facts = await thanksFacts(tx, keys, { shop, reward, profile, settings });
    invariant(facts !== null, "a referral keeps its terms, which tell what it brings");
    parts.push({ kind: facts.kind, language: facts.language, offer: facts.offer, name: facts.otherName });
  }
  return parts.length === 0 ? null : { shopName: shop.name, voice: settings.voice, parts };
}

/** The friend's discount was taken off the first order: there is nothing to send but thanks. */
export function isUsedWelcome(reward: Pick<RewardRow, "kind" | "status">): boolean {
  return reward.kind === "welcome" && reward.status === "redeemed";
}

/** Whether a reward is one of the two that a paid referral brings; others are given by hand, and have no words of the model. */
export function isEarned(reward: Pick<RewardRow, "kind">): boolean {
  return reward.kind === "earned" || reward.kind === "welcome";
}

/** @returns what is kept of a person, opened, or null */
export async function profileIn(tx: Tx, keys: Keys, shopId: string, personId: string): Promise<Profile | null> {
  const sealed = await readProfile(tx, shopId, personId);
  return sealed === null ? null : openPersonProfile(keys, shopId, sealed);
}

function kindOf(reward: RewardRow): ThanksKind {
  if (reward.side === SIDE.referrer) return "thanks_referrer";
  return isUsedWelcome(reward) ? "thanks_welcome" : "thanks_friend";
}

/** What the ledger owes, in the form it was given in; a coupon has no size there, so its size is the terms'. */
async function worthOf(tx: Tx, shopId: string, reward: RewardRow) {
  const currency = parseCurrency(reward.unit);
  if (currency !== null) {
    const kind = reward.form === "store_credit" || reward.form === "gift_card" ? reward.form : "fixed";
    return {
      offered: { kind, amountMinor: reward.amount } as const,
      unit: { currency, exponent: reward.exponent },
    };
  }
  const terms = await termsFor(tx, shopId, reward.termsVersion);
  if (terms === null) return null;
  return { offered: reward.side === SIDE.referrer ? terms.referrer : terms.friend, unit: terms };
}

/** @returns the terms of a referral; of what is given without one those in force, or null where there are none */
async function termsFor(tx: Tx, shopId: string, version: number | null): Promise<Terms | null> {
  if (version !== null) return termsOfVersion(tx, shopId, version);
  const current = await currentTerms(tx, shopId);
  return current === null ? null : current.terms;
}
