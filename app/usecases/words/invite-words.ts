import { readDraft } from "#app/data/drafts.repo.ts";
import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import type { Tx } from "#app/data/tenant.ts";
import { wordSettings, wordTemplate } from "#app/data/words.repo.ts";
import type { WordSettings } from "#app/data/words.repo.ts";
import { chooseWords } from "#app/domain/note/choose-words.ts";
import type { Candidate, ChosenWords } from "#app/domain/note/choose-words.ts";
import { describeReward } from "#app/domain/note/describe-reward.ts";
import { cleanFirstName } from "#app/domain/note/first-name.ts";
import { languageFor, languageOf } from "#app/domain/note/language.ts";
import type { Language } from "#app/domain/note/language.ts";
import type { InviteKind } from "#app/domain/note/note-kind.ts";
import type { Terms } from "#app/domain/terms/terms.ts";
import type { Keys } from "#app/platform/keys.ts";
import type { Profile } from "#app/platform/sealed-profile.ts";
import { profileOf } from "#app/usecases/learn-profile.ts";
import type { WordsAsk } from "#app/usecases/words-port.ts";
import { writtenWords } from "./written-words.ts";

/** Where Shopify's app proxy stands in the storefront, as `shopify.app.toml` declares it. */
export const LINK_PATH = "/a/r";

/** A customer's link, and what its words depend on. */
export type InviteOf = {
  readonly shop: KnownShop;
  readonly code: { readonly id: string; readonly code: string; readonly personId: string };
  /** Those that the code was minted under. */
  readonly terms: Terms;
  readonly now: Date;
};

export type InviteFacts = {
  readonly language: Language;
  readonly settings: WordSettings;
  readonly link: string;
  readonly name: string | null;
  /** Both sides of the offer, in the customer's language. */
  readonly offer: { readonly referrer: string; readonly friend: string };
};

/** @returns what an invite says of its sender and its offer, in the sender's language or else the shop's. */
export async function inviteFacts(tx: Tx, keys: Keys, of: InviteOf): Promise<InviteFacts> {
  const { shop, code, terms } = of;
  const { shopId } = shop;
  const settings = await wordSettings(tx, shopId);
  const profile = await profileOf(tx, { keys, shopId, personId: code.personId });
  const language = languageFor(profile.locale, settings.language);
  const locale = localeOf(profile.locale, language);
  return {
    language,
    settings,
    link: `${shop.primaryOrigin}${LINK_PATH}/${code.code}`,
    name: nameOf(profile),
    offer: {
      referrer: describeReward(terms.referrer, terms, locale),
      friend: describeReward(terms.friend, terms, locale),
    },
  };
}

/** Words that go out to a customer: their own, else the model's, else the merchant's, else the product's. */
export async function inviteWords(tx: Tx, of: InviteOf, facts: InviteFacts, kind: InviteKind): Promise<ChosenWords> {
  const { shopId, name: shopName } = of.shop;
  const { language } = facts;
  const draft = await readDraft(tx, { shopId, kind: "invite", subjectId: of.code.id }, of.now);
  // Their own words go out as a text message too, where they are short enough for one.
  const own = draft?.ownWords[kind] ?? draft?.ownWords.invite;
  const edited = await wordTemplate(tx, { shopId, kind, language });
  const candidates: Candidate[] = [
    ...(own === undefined ? [] : [{ words: own, source: "own" }]),
    ...(facts.settings.modelOn ? writtenWords(draft, kind) : []),
    ...(edited === null ? [] : [{ words: edited, source: `edited:${language}` }]),
  ];
  const values = {
    link: facts.link,
    reward: facts.offer.friend,
    ...(facts.name === null ? {} : { name: facts.name }),
  };
  return chooseWords({ kind, language, shopName, values }, candidates);
}

/** What the model is asked for a link: the invite and its short form, of one call. */
export function inviteAsk(of: InviteOf, facts: InviteFacts): WordsAsk {
  const part = { language: facts.language, offer: of.terms.friend.kind, name: facts.name };
  return {
    shopName: of.shop.name,
    voice: facts.settings.voice,
    parts: [
      { kind: "invite", ...part },
      { kind: "invite_short", ...part },
    ],
  };
}

/** The locale that amounts are printed in: the customer's own where it is of the language, so that "de-CH" keeps its marks. */
export function localeOf(locale: string | null, language: Language): string {
  return locale !== null && languageOf(locale) === language ? locale : language;
}

/** The first name as a sentence may use it, or null. */
export function nameOf(profile: Pick<Profile, "firstName">): string | null {
  return profile.firstName === null ? null : cleanFirstName(profile.firstName);
}
