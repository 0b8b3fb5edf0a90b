import type { RewardRow } from "#app/data/rewards.repo.ts";
import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import type { Tx } from "#app/data/tenant.ts";
import { wordSettings } from "#app/data/words.repo.ts";
import type { Keys } from "#app/platform/keys.ts";
import type { Profile } from "#app/platform/sealed-profile.ts";
import type { Mail } from "#app/usecases/ports.ts";
import { renderRewardMail, renderRewardText } from "#app/usecases/reward-mail.ts";
import { sealUnsubscribeToken } from "#app/usecases/unsubscribe-token.ts";
import { nameOf } from "./invite-words.ts";
import { isUsedWelcome, thanksFacts, thanksWords } from "./thanks-words.ts";

export type NoteMessageDeps = {
  readonly keys: Keys;
  /** Sender of all mails, "Name <address>". */
  readonly mailFrom: string;
  /** Public origin of the app. */
  readonly appUrl: string;
};

/** What is sent, and who wrote its words. */
export type NoteMessage =
  | { readonly channel: "email"; readonly source: string; readonly mail: Mail }
  | { readonly channel: "sms"; readonly source: string; readonly text: { readonly to: string; readonly text: string } };

/** Writes the message that brings a reward, every fact of it from the ledger; null when the reward is not whole yet. */
export async function noteMessage(
  tx: Tx,
  deps: NoteMessageDeps,
  of: {
    shop: KnownShop;
    reward: RewardRow;
    profile: Profile | null;
    way: { outcome: "email" | "sms"; to: string };
    now: Date;
  },
): Promise<NoteMessage | null> {
  const { shop, reward, profile, way, now } = of;
  const { shopId } = shop;
  const isUsed = isUsedWelcome(reward);
  const form = isUsed ? "used" : (reward.form ?? "code");
  const isWhole = form === "store_credit" || reward.code !== null;
  if (!isUsed && (!isWhole || reward.expiresAt === null)) return null;
  const settings = await wordSettings(tx, shopId);
  const facts = await thanksFacts(tx, deps.keys, { shop, reward, profile, settings });
  if (facts === null) return null;
  const code = isUsed ? null : reward.code;
  const common = { language: facts.language, shopName: shop.name, shopOrigin: shop.primaryOrigin, code };
  if (way.outcome === "sms") {
    const text = renderRewardText({ ...common, expiresAt: reward.expiresAt, reward: facts.reward });
    // No room for more than the facts: what a model or a merchant wrote goes by mail.
    return { channel: "sms", source: `template:${facts.language}`, text: { to: way.to, text } };
  }
  const words = await thanksWords(tx, { shop, reward, now }, facts);
  const token = sealUnsubscribeToken(deps.keys, { shopId, personId: reward.personId });
  const unsubscribeUrl = `${deps.appUrl}/unsubscribe/${token}`;
  const written = renderRewardMail({
    ...common,
    note: words.text,
    firstName: profile === null ? null : nameOf(profile),
    form,
    expiresAt: reward.expiresAt,
    now,
    unsubscribeUrl,
  });
  const headers = { "List-Unsubscribe": `<${unsubscribeUrl}>`, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" };
  return { channel: "email", source: words.source, mail: { to: way.to, from: deps.mailFrom, ...written, headers } };
}
