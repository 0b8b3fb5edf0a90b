import {
  addNote,
  claimNote,
  endNote,
  FAILED_FOR_NOW,
  NO_ADDRESS,
  readNote,
  requeueNote,
} from "#app/data/notes.repo.ts";
import type { NoteRow } from "#app/data/notes.repo.ts";
import { wantsNoMail } from "#app/data/people.repo.ts";
import { readReward } from "#app/data/rewards.repo.ts";
import type { RewardRow } from "#app/data/rewards.repo.ts";
import type { KnownShop, ShopDirectory } from "#app/data/shop-directory.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { invariant } from "#app/platform/errors.ts";
import { newId } from "#app/platform/ids.ts";
import type { Logger } from "#app/platform/logger.ts";
import type { Metrics } from "#app/platform/metrics.ts";
import { rewardIdOf } from "#app/usecases/fulfil-reward.ts";
import type { MailSender, OutboxWork, WorkVerdict } from "#app/usecases/ports.ts";
import { againLater } from "#app/usecases/verdicts.ts";
import { noteMessage } from "#app/usecases/words/note-message.ts";
import type { NoteMessage, NoteMessageDeps } from "#app/usecases/words/note-message.ts";
import { findWay } from "#app/usecases/words/find-way.ts";
import type { FindWayDeps, Way } from "#app/usecases/words/find-way.ts";
import { ensureDraft } from "#app/usecases/words/ensure-draft.ts";
import type { EnsureDraftDeps } from "#app/usecases/words/ensure-draft.ts";
import { isEarned, isUsedWelcome, profileIn, thanksAsk } from "#app/usecases/words/thanks-words.ts";
import type { Profile } from "#app/platform/sealed-profile.ts";

export type SendNoteDeps = EnsureDraftDeps &
  FindWayDeps &
  NoteMessageDeps & {
    readonly shops: ShopDirectory;
    readonly mail: MailSender;
    readonly logger: Logger;
    readonly metrics: Pick<Metrics, "notes">;
  };

/** A claim this old belongs to a worker that died: nobody knows whether the message went out. */
const CLAIM_LOST_MS = 10 * 60_000;
/** Temporary refusals after which a note is given up. */
const TRIES_MAX = 8;

type Open = {
  readonly outcome: "open";
  readonly noteId: string;
  readonly reward: RewardRow;
  readonly profile: Profile | null;
};
type Step = { readonly outcome: "ended" } | { readonly outcome: "claimed_by_other"; readonly until: Date };
type Ready = { readonly outcome: "send"; readonly noteId: string; readonly message: NoteMessage };

/**
 * Sends the note that brings a reward's code, by e-mail or text message: at most once. The note is claimed before it is sent; when
 * nobody can tell whether it went out it is `unknown`, shown to the merchant, and not sent again. No address is no error: the
 * code is shown in the customer's account as well.
 */
export async function sendNote(deps: SendNoteDeps, row: OutboxWork): Promise<WorkVerdict> {
  const rewardId = rewardIdOf(row, "note:");
  if (rewardId === null) return { outcome: "dead", reason: "no_reward_named" };
  const { shopId } = row;
  const shop = await deps.shops.byId(shopId);
  if (shop === null) return { outcome: "done" };
  const open = await inShop(deps.pools, shopId, (tx) => look(tx, deps, shopId, rewardId));
  if (open.outcome !== "open") return verdictOf(open);
  const { referralId } = open.reward;
  if (referralId !== null && isEarned(open.reward)) {
    const of = { shopId, kind: "thanks", subjectId: referralId } as const;
    const words = await ensureDraft(deps, of, (tx) => thanksAsk(tx, deps.keys, { shop, referralId }));
    if (words.outcome === "wait") return { outcome: "again", at: words.until, reason: "being_written" };
  }
  const way = await findWay(deps, shop, open.profile);
  if (way.outcome === "later") return { outcome: "again", at: way.until, reason: way.reason };
  const step = await inShop(deps.pools, shopId, (tx) => claim(tx, deps, { shop, open, way }));
  if (step.outcome !== "send") return verdictOf(step);
  return deliver(deps, { row, rewardId, ready: step });
}

/** Whether there is still something to send, and what is known of whom it goes to. */
async function look(tx: Tx, deps: SendNoteDeps, shopId: string, rewardId: string): Promise<Open | Step> {
  const now = deps.clock.now();
  const reward = await readReward(tx, shopId, rewardId);
  if (reward === null) return { outcome: "ended" };
  const { side, personId } = reward;
  const known = await readNote(tx, shopId, rewardId);
  if (known === null) await addNote(tx, { shopId, id: newId(), rewardId, side, personId, source: "template:en", now });
  const note = known ?? (await readNote(tx, shopId, rewardId));
  invariant(note !== null, "a reward has its note once one was added");
  const isOpen = note.state === "queued" || (note.reason ?? "").startsWith(FAILED_FOR_NOW);
  if (!isOpen) return standingOf(tx, shopId, note, now);
  if (note.state !== "queued") await requeueNote(tx, shopId, note.id);
  const fail = async (reason: string): Promise<Step> => {
    await endNote(tx, { shopId, noteId: note.id, state: "failed", reason, now });
    return { outcome: "ended" };
  };
  if (!isToldOf(reward)) return fail(`reward_${reward.status}`);
  const profile = await profileIn(tx, deps.keys, shopId, personId);
  if (!profile?.email && !profile?.phone) return fail(NO_ADDRESS);
  if (await wantsNoMail(tx, shopId, personId)) return fail("unsubscribed");
  return { outcome: "open", noteId: note.id, reward, profile };
}

/** Whether there is something to tell of a reward: a code to use, or thanks for the one that was used. */
function isToldOf(reward: RewardRow): boolean {
  return reward.status === "issued" || isUsedWelcome(reward);
}

async function standingOf(tx: Tx, shopId: string, note: NoteRow, now: Date): Promise<Step> {
  if (note.state !== "claimed" || note.claimedAt === null) return { outcome: "ended" };
  const until = new Date(note.claimedAt.getTime() + CLAIM_LOST_MS);
  if (until > now) return { outcome: "claimed_by_other", until };
  await endNote(tx, { shopId, noteId: note.id, state: "unknown", reason: "worker_lost", now });
  return { outcome: "ended" };
}

type Claiming = { readonly shop: KnownShop; readonly open: Open; readonly way: Exclude<Way, { outcome: "later" }> };

/** Takes the note and writes the message, in one look at reward, suppression and words. */
async function claim(tx: Tx, deps: SendNoteDeps, { shop, open, way }: Claiming): Promise<Step | Ready> {
  const { shopId } = shop;
  const { noteId, profile } = open;
  const now = deps.clock.now();
  const fail = async (reason: string): Promise<Step> => {
    await endNote(tx, { shopId, noteId, state: "failed", reason, now });
    return { outcome: "ended" };
  };
  if (way.outcome === "none") return fail(NO_ADDRESS);
  const reward = await readReward(tx, shopId, open.reward.id);
  invariant(reward !== null, "a reward is never deleted");
  if (!isToldOf(reward)) return fail(`reward_${reward.status}`);
  if (await wantsNoMail(tx, shopId, reward.personId)) return fail("unsubscribed");
  const message = await noteMessage(tx, deps, { shop, reward, profile, way, now });
  if (message === null) return fail("reward_incomplete");
  const { channel, source } = message;
  const isClaimed = await claimNote(tx, { shopId, noteId, channel, source, now });
  return isClaimed ? { outcome: "send", noteId, message } : { outcome: "ended" };
}

async function deliver(
  deps: SendNoteDeps,
  { row, rewardId, ready }: { row: OutboxWork; rewardId: string; ready: Ready },
): Promise<WorkVerdict> {
  const { shopId } = row;
  const { message, noteId } = ready;
  const sent = await send(deps, message);
  deps.metrics.notes.inc({ outcome: sent.outcome });
  const now = deps.clock.now();
  const ended = { shopId, noteId, now };
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

function send(deps: SendNoteDeps, message: NoteMessage): ReturnType<MailSender["send"]> {
  if (message.channel === "email") return deps.mail.send(message.mail);
  invariant(deps.sms !== null, "a text message is a way to somebody only where a provider is set up");
  return deps.sms.send(message.text);
}

function verdictOf(step: Step): WorkVerdict {
  return step.outcome === "ended" ? { outcome: "done" } : { outcome: "again", at: step.until, reason: "claimed" };
}
