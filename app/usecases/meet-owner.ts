import { codeById } from "#app/data/codes.repo.ts";
import { canonicalOf } from "#app/data/people.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import type { KnownShop, ShopDirectory } from "#app/data/shop-directory.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Clock } from "#app/platform/clock.ts";
import { isUuid } from "#app/platform/ids.ts";
import type { Keys } from "#app/platform/keys.ts";
import { learnProfile, profileOf } from "./learn-profile.ts";
import type { OutboxWork, ShopifyAdmin, Unauthorised, Wait, WorkVerdict } from "./ports.ts";
import { againAfterTrouble } from "./verdicts.ts";

export type MeetOwnerDeps = {
  readonly pools: Pools;
  readonly clock: Clock;
  readonly keys: Keys;
  readonly shops: ShopDirectory;
  readonly admin: ShopifyAdmin;
};

/**
 * Asks Shopify who the owner of a new link is (outbox topic `owner.meet`), so that friends are told a first name and words
 * are in the owner's language. The link was given out before; until this is done friends are told of "a friend".
 */
export async function meetOwner(deps: MeetOwnerDeps, row: OutboxWork): Promise<WorkVerdict> {
  const codeId = codeIdOf(row);
  if (codeId === null) return { outcome: "dead", reason: "no_code_named" };
  const shop = await deps.shops.byId(row.shopId);
  if (shop === null) return { outcome: "done" };
  const asked = await learnOwner(deps, shop, codeId);
  return asked.outcome === "done" ? asked : againAfterTrouble(deps.clock.now(), row.attempts, asked);
}

/** @returns the id of the code that a row of the outbox names, or null when it names none */
export function codeIdOf(row: OutboxWork): string | null {
  const codeId = row.payload["codeId"];
  return typeof codeId === "string" && isUuid(codeId) ? codeId : null;
}

/**
 * Keeps the first name and the language of the owner of a link, asked of Shopify where one of them is not known. Nothing is
 * asked about the owner of a link that is retired: they may have been erased.
 *
 * @returns `done` also where Shopify knows nobody; else what kept it from answering
 */
export async function learnOwner(
  deps: Pick<MeetOwnerDeps, "pools" | "keys" | "admin">,
  shop: KnownShop,
  codeId: string,
): Promise<{ readonly outcome: "done" } | Wait | Unauthorised> {
  const { shopId } = shop;
  const owner = await ownerOf(deps, shopId, codeId);
  if (owner === null) return { outcome: "done" };
  const answer = await deps.admin.forShop(shopId, shop.domain).readCustomer(owner.customerId);
  if (answer.outcome === "not_found" || answer.outcome === "refused") return { outcome: "done" };
  if (answer.outcome !== "ok") return answer;
  const { firstName, locale } = answer.customer;
  const learned = { firstName, locale };
  await inShop(deps.pools, shopId, (tx) =>
    learnProfile(tx, { keys: deps.keys, shopId, personId: owner.personId, learned }),
  );
  return { outcome: "done" };
}

/** The owner of an active code of whom something is not known, with the id that leads to them in Shopify. */
function ownerOf(
  deps: Pick<MeetOwnerDeps, "pools" | "keys">,
  shopId: string,
  codeId: string,
): Promise<{ personId: string; customerId: string } | null> {
  return inShop(deps.pools, shopId, async (tx) => {
    const code = await codeById(tx, shopId, codeId);
    if (code?.state !== "active") return null;
    const personId = await canonicalOf(tx, shopId, code.personId);
    const { customerId, firstName, locale } = await profileOf(tx, { keys: deps.keys, shopId, personId });
    const isKnown = firstName !== null && locale !== null;
    return customerId == null || isKnown ? null : { personId, customerId };
  });
}
