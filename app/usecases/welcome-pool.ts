import { enqueueOutbox } from "#app/data/outbox.repo.ts";
import type { Tx } from "#app/data/tenant.ts";
import { enqueueRefill, welcomeStanding } from "#app/data/welcome-codes.repo.ts";
import type { Terms } from "#app/domain/terms/terms.ts";
import { newId } from "#app/platform/ids.ts";

/** Codes that a full pool holds. */
export const POOL_FULL = 50;
/** With fewer free codes than this the pool is filled up again. */
export const POOL_LOW = 20;

/**
 * Asks for the pool of a version of the terms to be filled up, when those terms give the friend a code and the pool runs
 * low; ring the outbox bell after the commit.
 *
 * @returns whether there is new work
 */
export async function fillWhenLow(
  tx: Tx,
  args: { shopId: string; termsVersion: number; terms: Pick<Terms, "friend">; now: Date },
): Promise<boolean> {
  if (args.terms.friend.when !== "on_first_order") return false;
  const { shopId, termsVersion, now } = args;
  const { pooled, made } = await welcomeStanding(tx, shopId, termsVersion);
  if (pooled >= POOL_LOW) return false;
  return enqueueRefill(tx, { id: newId(), shopId, termsVersion, made, now });
}

/** Writes down that a code has to leave the shop when the time of whoever has it is over. */
export async function endLater(
  tx: Tx,
  args: { shopId: string; welcomeId: string; at: Date; now: Date },
): Promise<void> {
  await enqueueOutbox(tx, {
    id: newId(),
    shopId: args.shopId,
    topic: "welcome.expire",
    dedupeKey: `welcome:${args.welcomeId}`,
    payload: { welcomeId: args.welcomeId },
    nextAt: args.at,
    now: args.now,
  });
}
