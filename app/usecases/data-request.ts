import { appendAudit } from "#app/data/audit.repo.ts";
import { addDataRequest, dataRequests, heldOf } from "#app/data/data-requests.repo.ts";
import type { HeldRows } from "#app/data/data-requests.repo.ts";
import { ownersOfKeys } from "#app/data/people.repo.ts";
import type { PersonKey } from "#app/data/people.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import { inShop } from "#app/data/tenant.ts";
import type { PrivacyFacts } from "#app/domain/event/customer-facts.ts";
import type { Clock } from "#app/platform/clock.ts";
import { newId } from "#app/platform/ids.ts";
import type { Keys } from "#app/platform/keys.ts";
import type { Profile } from "#app/platform/sealed-profile.ts";
import type { DataRequestView } from "#app/reconcile-views.ts";
import { DONE } from "./inbox-event.ts";
import type { EventDeps, EventVerdict } from "./inbox-event.ts";
import { profileOf } from "./learn-profile.ts";

/** Shopify gives a merchant thirty days to answer. */
const FETCHED_WITHIN_MS = 30 * 86_400_000;

/**
 * A customer asked the merchant for their data (customers/data_request): it is put on the health page, where the merchant
 * fetches what is held. Nothing is gathered before that, so that no second copy lies anywhere.
 */
export async function noteDataRequest(
  deps: Pick<EventDeps, "pools" | "clock">,
  event: { shopId: string; facts: PrivacyFacts },
): Promise<EventVerdict> {
  const { shopId } = event;
  const { customerHash, emailHash } = event.facts.person;
  const keys: PersonKey[] = [];
  if (customerHash !== null) keys.push({ kind: "customer", hash: customerHash });
  if (emailHash !== null) keys.push({ kind: "email", hash: emailHash });
  await inShop(deps.pools, shopId, async (tx) => {
    const now = deps.clock.now();
    const owners = new Set((await ownersOfKeys(tx, shopId, keys)).map(({ personId }) => personId));
    const times = { requestedAt: now, expiresAt: new Date(now.getTime() + FETCHED_WITHIN_MS) };
    for (const personId of owners.size === 0 ? [null] : owners)
      await addDataRequest(tx, shopId, { id: newId(), personId, ...times });
    const entry = { id: newId(), shopId, at: now, actor: "shopify", action: "event.data_request", subject: null };
    await appendAudit(tx, entry);
  });
  return DONE;
}

type Deps = { readonly pools: Pools; readonly clock: Clock; readonly keys: Keys };

/** @returns the requests of a shop's customers that can still be fetched, oldest first */
export async function listDataRequests(deps: Deps, input: { shopId: string }): Promise<readonly DataRequestView[]> {
  const now = deps.clock.now();
  const requests = await inShop(deps.pools, input.shopId, (tx) => dataRequests(tx, { ...input, now }));
  return requests.map(({ id, personId, requestedAt, expiresAt }) => ({
    id,
    requestedAt: requestedAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    isKnown: personId !== null,
  }));
}

/** What is held of somebody who asked; `null` in place of a profile and rows when nothing is. */
export type HeldData = {
  readonly requestedAt: string;
  readonly profile: Partial<Profile> | null;
  readonly held: HeldRows | null;
};

/**
 * Puts together what is held of the person who asked, as it is now; the record says that it was fetched.
 *
 * @returns null when the shop has no such request, or its time is over
 */
export async function fetchHeldData(
  deps: Deps,
  input: { shopId: string; requestId: string; actor: string },
): Promise<HeldData | null> {
  const { shopId, requestId, actor } = input;
  return inShop(deps.pools, shopId, async (tx) => {
    const now = deps.clock.now();
    const [request] = await dataRequests(tx, { shopId, now, id: requestId });
    if (request === undefined) return null;
    const { personId } = request;
    const entry = { id: newId(), shopId, at: now, actor, action: "data_request.fetched", subject: personId };
    await appendAudit(tx, { ...entry, detail: { requestId } });
    const requestedAt = request.requestedAt.toISOString();
    if (personId === null) return { requestedAt, profile: null, held: null };
    const profile = await profileOf(tx, { keys: deps.keys, shopId, personId });
    return { requestedAt, profile, held: await heldOf(tx, shopId, personId) };
  });
}
