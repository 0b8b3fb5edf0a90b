import { appendAudit } from "#app/data/audit.repo.ts";
import { stopMails as noteStop } from "#app/data/people.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Clock } from "#app/platform/clock.ts";
import { newId } from "#app/platform/ids.ts";
import type { Keys } from "#app/platform/keys.ts";
import { openUnsubscribeToken } from "./unsubscribe-token.ts";

/**
 * Takes somebody off the mails for good, by the token that every mail carries. Rewards stay in their account.
 * @param token anything a stranger may send
 */
export async function stopMails(
  deps: { pools: Pools; clock: Clock; keys: Keys },
  token: string,
): Promise<{ readonly outcome: "stopped" | "unknown_link" }> {
  const opened = openUnsubscribeToken(deps.keys, token);
  if (opened === null) return { outcome: "unknown_link" };
  const { shopId, personId } = opened;
  await inShop(deps.pools, shopId, async (tx) => {
    const now = deps.clock.now();
    await noteStop(tx, shopId, personId, now);
    await appendAudit(tx, {
      id: newId(),
      shopId,
      at: now,
      actor: "customer",
      action: "mails.stopped",
      subject: personId,
    });
  });
  return { outcome: "stopped" };
}
