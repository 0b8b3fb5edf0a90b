import { appendAudit } from "#app/data/audit.repo.ts";
import { closeDifference, liveCodes, lockOpenDifference } from "#app/data/differences.repo.ts";
import type { Difference } from "#app/data/differences.repo.ts";
import { discountOfParent, markParentGone } from "#app/data/discount-parents.repo.ts";
import type { ParentDiscount } from "#app/data/discount-parents.repo.ts";
import { enqueueOutbox } from "#app/data/outbox.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import { moveReward } from "#app/data/reward-uses.repo.ts";
import type { ShopDirectory } from "#app/data/shop-directory.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { dropCodesOf } from "#app/data/welcome-codes.repo.ts";
import { currentTerms } from "#app/data/terms.repo.ts";
import type { Clock } from "#app/platform/clock.ts";
import { invariant } from "#app/platform/errors.ts";
import { newId } from "#app/platform/ids.ts";
import type { ShopifyAdmin } from "./ports.ts";
import { fillWhenLow } from "./welcome-pool.ts";

export const DIFFERENCE_CHOICES = ["accept", "withdraw", "make_again"] as const;
export type DifferenceChoice = (typeof DIFFERENCE_CHOICES)[number];

export type DecideDifferenceResult =
  | { readonly outcome: "decided" }
  /** It is settled already, or of another shop. */
  | { readonly outcome: "not_open" }
  /** This is no choice for a difference of its kind. */
  | { readonly outcome: "not_for_this" }
  /** Shopify could not be asked, or said no. */
  | { readonly outcome: "not_now" };

type Deps = {
  readonly pools: Pools;
  readonly clock: Clock;
  readonly admin: ShopifyAdmin;
  readonly shops: ShopDirectory;
  readonly ringOutbox: (shopId: string) => void;
};
type Input = {
  readonly shopId: string;
  readonly differenceId: string;
  readonly choice: DifferenceChoice;
  readonly actor: string;
};

/**
 * A person says what becomes of a difference. `accept` lets it stand. `withdraw` deletes a code that nobody knows. `make_again`
 * makes what is missing once more, with the same codes: their owners notice nothing, and the books stay as they are.
 */
export async function decideDifference(deps: Deps, input: Input): Promise<DecideDifferenceResult> {
  const { shopId, choice } = input;
  const shop = await deps.shops.byId(shopId);
  if (shop === null) return { outcome: "not_open" };
  if (choice === "withdraw") {
    const found = await inShop(deps.pools, shopId, (tx) => withDiscount(tx, input));
    if (found === null) return { outcome: "not_open" };
    const discountId = found.parent?.discountId ?? null;
    if (found.difference.kind !== "code_unknown" || discountId === null) return { outcome: "not_for_this" };
    const admin = deps.admin.forShop(shopId, shop.domain);
    const sent = await admin.withdrawCodes(discountId, [found.difference.subject]);
    if (sent.outcome !== "ok") return { outcome: "not_now" };
  }
  const result = await inShop(deps.pools, shopId, (tx) => decide(tx, deps, input));
  if (result.outcome === "decided") deps.ringOutbox(shopId);
  return result;
}

/** The discount that it is about; a gift card or a credit has none. */
type Found = { readonly difference: Difference; readonly parent: ParentDiscount | null };

async function withDiscount(tx: Tx, { shopId, differenceId }: Input): Promise<Found | null> {
  const difference = await lockOpenDifference(tx, shopId, differenceId);
  if (difference === null) return null;
  const { parentId } = difference;
  return { difference, parent: parentId === null ? null : await discountOfParent(tx, shopId, parentId) };
}

async function decide(tx: Tx, deps: Deps, input: Input): Promise<DecideDifferenceResult> {
  const found = await withDiscount(tx, input);
  if (found === null) return { outcome: "not_open" };
  const { shopId, differenceId: id, choice, actor } = input;
  const now = deps.clock.now();
  if (choice === "make_again" && !(await makeAgain(tx, shopId, found, now))) return { outcome: "not_for_this" };
  await closeDifference(tx, { shopId, id, to: choice === "accept" ? "accepted" : "ended", now });
  const { kind, rewardId } = found.difference;
  const entry = { id: newId(), shopId, at: now, actor, action: `difference.${choice}`, subject: rewardId };
  await appendAudit(tx, { ...entry, detail: { kind, differenceId: id } });
  return { outcome: "decided" };
}

async function makeAgain(tx: Tx, shopId: string, { difference, parent }: Found, now: Date): Promise<boolean> {
  const { kind, subject, rewardId, parentId } = difference;
  if (parent === null || parentId === null) return false;
  if (kind === "code_missing" && rewardId !== null && parent.kind === "reward") {
    // A discount is made with its first code: where that one is missing, it takes a new discount.
    if (parent.firstCode === subject) await markParentGone(tx, shopId, parentId);
    await sendAgain(tx, shopId, rewardId, now);
    return true;
  }
  if (kind !== "discount_missing" || parent.discountId === null) return false;
  await markParentGone(tx, shopId, parentId);
  const live = await liveCodes(tx, { shopId, parentId, discountId: parent.discountId, now });
  if (parent.kind === "reward") {
    const rewardIds = live.map((code) => code.rewardId).filter((id) => id !== null);
    for (const id of rewardIds) await sendAgain(tx, shopId, id, now);
    return true;
  }
  // Codes of the pool that nobody has are worth nothing: others take their place.
  await dropCodesOf(tx, shopId, parentId, now);
  const current = await currentTerms(tx, shopId);
  invariant(current !== null, "a shop that has discounts has terms");
  await fillWhenLow(tx, { shopId, termsVersion: current.version, terms: current.terms, now });
  return true;
}

/** The reward's own code follows from the reward: sending it again makes the same one. */
async function sendAgain(tx: Tx, shopId: string, rewardId: string, now: Date): Promise<void> {
  if (!(await moveReward(tx, { shopId, rewardId, from: "issued", to: "sending" }))) return;
  const work = { topic: "reward.fulfil", dedupeKey: `fulfil:${rewardId}:again:${now.getTime()}` } as const;
  await enqueueOutbox(tx, { id: newId(), shopId, ...work, payload: { rewardId }, nextAt: now, now });
}
