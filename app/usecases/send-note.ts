import { addNote, claimNote, endNote, FAILED_FOR_NOW, readNote, requeueNote } from "#app/data/notes.repo.ts";
import type { NoteRow } from "#app/data/notes.repo.ts";
import { readProfile, wantsNoMail } from "#app/data/people.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import { readReward } from "#app/data/rewards.repo.ts";
import type { RewardRow } from "#app/data/rewards.repo.ts";
import type { KnownShop, ShopDirectory } from "#app/data/shop-directory.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { currentTerms, termsOfVersion } from "#app/data/terms.repo.ts";
import { parseCurrency } from "#app/domain/money/currency.ts";
import { describeReward } from "#app/domain/note/describe-reward.ts";
import { cleanFirstName } from "#app/domain/note/first-name.ts";
import { SIDE } from "#app/domain/reward/side.ts";
import type { Clock } from "#app/platform/clock.ts";
import { newId } from "#app/platform/ids.ts";
import type { Keys } from "#app/platform/keys.ts";
import type { Logger } from "#app/platform/logger.ts";
import type { Metrics } from "#app/platform/metrics.ts";
import { openPersonProfile } from "#app/platform/sealed-profile.ts";
import type { Profile } from "#app/platform/sealed-profile.ts";
import { rewardIdOf } from "#app/usecases/fulfil-reward.ts";
import type { Mail, MailSender, OutboxWork, WorkVerdict } from "#app/usecases/ports.ts";
import { renderRewardMail } from "#app/usecases/reward-mail.ts";
import { sealUnsubscribeToken } from "#app/usecases/unsubscribe-token.ts";
import { againLater } from "#app/usecases/verdicts.ts";

export type SendNoteDeps = {
  pools: Pools;
  keys: Keys;
  clock: Clock;
  shops: ShopDirectory;
  mail: MailSender;
  /** Sender of all mails, "Name <address>". */
  mailFrom: string;
  /** Public origin of the app. */
  appUrl: string;
  logger: Logger;
  metrics: Pick<Metrics, "notes">;
};

/** A claim this old belongs to a worker that died: nobody knows whether the mail went out. */
const CLAIM_LOST_MS = 10 * 60_000;
/** Temporary refusals of the mail server after which a note is given up. */
const TRIES_MAX = 8;

type Step =
  | { readonly outcome: "send"; readonly noteId: string; readonly mail: Mail }
  | { readonly outcome: "ended" }
  | { readonly outcome: "claimed_by_other"; readonly until: Date };

/**
 * Sends the e-mail that brings a reward's code: at most once. The note is claimed before it is sent; when nobody can tell
 * whether it went out it is `unknown`, shown to the merchant, and not sent again. No address is no error: the code is
 * shown in the customer's account as well.
 */
export async function sendNote(deps: SendNoteDeps, row: OutboxWork): Promise<WorkVerdict> {
  const rewardId = rewardIdOf(row, "note:");
  if (rewardId === null) return { outcome: "dead", reason: "no_reward_named" };
  const { shopId } = row;
  const shop = await deps.shops.byId(shopId);
  if (shop === null) return { outcome: "done" };
  const step = await inShop(deps.pools, shopId, (tx) => claim(tx, deps, shop, rewardId));
  if (step.outcome === "ended") return { outcome: "done" };
  if (step.outcome === "claimed_by_other") return { outcome: "again", at: step.until, reason: "claimed" };
  const sent = await deps.mail.send(step.mail);
  deps.metrics.notes.inc({ outcome: sent.outcome });
  const now = deps.clock.now();
  const ended = { shopId, noteId: step.noteId, now };
  if (sent.outcome === "refused" && !sent.permanent && row.attempts < TRIES_MAX) {
    const reason = `${FAILED_FOR_NOW}${sent.reason}`;
    await inShop(deps.pools, shopId, (tx) => endNote(tx, { ...ended, state: "failed", reason }));
    return againLater(now, row.attempts, sent.reason);
  }
  if (sent.outcome !== "sent")
    deps.logger.warn({ shopId, rewardId, outcome: sent.outcome }, "a note was not sent for certain");
  await inShop(deps.pools, shopId, (tx) => {
    if (sent.outcome === "sent") return endNote(tx, { ...ended, state: "sent", reason: null });
    if (sent.outcome === "unknown") return endNote(tx, { ...ended, state: "unknown", reason: "no_answer" });
    return endNote(tx, { ...ended, state: "failed", reason: sent.reason });
  });
  return { outcome: "done" };
}

async function claim(tx: Tx, deps: SendNoteDeps, shop: KnownShop, rewardId: string): Promise<Step> {
  const { shopId } = shop;
  const now = deps.clock.now();
  const reward = await readReward(tx, shopId, rewardId);
  if (reward === null) return { outcome: "ended" };
  const { side, personId } = reward;
  await addNote(tx, { shopId, id: newId(), rewardId, side, personId, source: "template:en", now });
  const note = await readNote(tx, shopId, rewardId);
  if (note === null) return { outcome: "ended" };
  const isQueued = note.state === "queued" || (await requeueNote(tx, shopId, note.id));
  if (!isQueued) return standingOf(tx, shopId, note, now);
  const fail = async (reason: string): Promise<Step> => {
    await endNote(tx, { shopId, noteId: note.id, state: "failed", reason, now });
    return { outcome: "ended" };
  };
  if (reward.status !== "issued" && !isUsedWelcome(reward)) return fail(`reward_${reward.status}`);
  const profile = await profileOf(tx, deps.keys, shopId, personId);
  if (!profile?.email) return fail("no_address");
  if (await wantsNoMail(tx, shopId, personId)) return fail("unsubscribed");
  const mail = await mailFor(tx, deps, shop, reward, { ...profile, email: profile.email });
  if (mail === null) return fail("reward_incomplete");
  if (!(await claimNote(tx, shopId, note.id, now))) return { outcome: "ended" };
  return { outcome: "send", noteId: note.id, mail };
}

/** The friend's discount was taken off the first order: there is nothing to send but thanks. */
function isUsedWelcome(reward: RewardRow): boolean {
  return reward.kind === "welcome" && reward.status === "redeemed";
}

async function standingOf(tx: Tx, shopId: string, note: NoteRow, now: Date): Promise<Step> {
  if (note.state !== "claimed" || note.claimedAt === null) return { outcome: "ended" };
  const until = new Date(note.claimedAt.getTime() + CLAIM_LOST_MS);
  if (until > now) return { outcome: "claimed_by_other", until };
  await endNote(tx, { shopId, noteId: note.id, state: "unknown", reason: "worker_lost", now });
  return { outcome: "ended" };
}

async function mailFor(
  tx: Tx,
  deps: SendNoteDeps,
  shop: KnownShop,
  reward: RewardRow,
  profile: Profile & { email: string },
): Promise<Mail | null> {
  const isUsed = isUsedWelcome(reward);
  const form = isUsed ? "used" : (reward.form ?? "code");
  const isWhole = form === "store_credit" || reward.code !== null;
  if (!isUsed && (!isWhole || reward.expiresAt === null)) return null;
  const worth = await worthOf(tx, shop.shopId, reward);
  if (worth === null) return null;
  const isReferrer = reward.side === SIDE.referrer;
  const other =
    reward.otherPersonId === null ? null : await profileOf(tx, deps.keys, shop.shopId, reward.otherPersonId);
  const token = sealUnsubscribeToken(deps.keys, { shopId: shop.shopId, personId: reward.personId });
  const unsubscribeUrl = `${deps.appUrl}/unsubscribe/${token}`;
  const written = renderRewardMail({
    kind: isReferrer ? "thanks_referrer" : isUsed ? "thanks_welcome" : "thanks_friend",
    shopName: shop.name,
    shopOrigin: shop.primaryOrigin,
    firstName: nameOf(profile),
    otherName: nameOf(other),
    reward: describeReward(worth.offered, worth.unit, profile.locale ?? "en"),
    form,
    code: isUsed ? null : reward.code,
    expiresAt: reward.expiresAt,
    unsubscribeUrl,
  });
  const headers = { "List-Unsubscribe": `<${unsubscribeUrl}>`, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" };
  return { to: profile.email, from: deps.mailFrom, ...written, headers };
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
  const terms =
    reward.termsVersion === null
      ? ((await currentTerms(tx, shopId))?.terms ?? null)
      : await termsOfVersion(tx, shopId, reward.termsVersion);
  if (terms === null) return null;
  return { offered: reward.side === SIDE.referrer ? terms.referrer : terms.friend, unit: terms };
}

async function profileOf(tx: Tx, keys: Keys, shopId: string, personId: string): Promise<Profile | null> {
  const sealed = await readProfile(tx, shopId, personId);
  return sealed === null ? null : openPersonProfile(keys, shopId, sealed);
}

function nameOf(profile: Profile | null): string | null {
  return profile?.firstName ? cleanFirstName(profile.firstName) : null;
}
