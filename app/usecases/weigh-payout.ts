import { canonicalOfEach } from "#app/data/people-of-many.repo.ts";
import { ownersOfKeys } from "#app/data/people.repo.ts";
import type { ReferralRow } from "#app/data/referrals.repo.ts";
import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import type { Tx } from "#app/data/tenant.ts";
import { orderFromSnapshot } from "#app/domain/referral/order-snapshot.ts";
import { payability } from "#app/domain/referral/payability.ts";
import type { Payability } from "#app/domain/referral/payability.ts";
import type { ShopifyEvidence } from "./evidence-port.ts";
import type { AdminOrder } from "./ports.ts";
import { payableOrderOf } from "./read-evidence.ts";
import type { OpenWork } from "./referral-work.ts";

/** Where the snapshot of an order says since when Shopify could not read it. */
export const UNREADABLE_SINCE = "unreadableSince";

type Read = { readonly work: OpenWork; readonly evidence: ShopifyEvidence | null };

/**
 * Whether a referral is what it was when its work was loaded, a pending one with that order. "out_of_date": something
 * happened to it while Shopify was being asked, a refund perhaps, and what was read counts no more.
 */
export function standingOf(work: OpenWork, referral: ReferralRow | null): "as_loaded" | "out_of_date" | "over" {
  const isAsRead = referral?.state === "PENDING" && referral.qualifyingOrder === work.referral.qualifyingOrder;
  if (referral === null || !isAsRead) return "over";
  return referral.version === work.referral.version ? "as_loaded" : "out_of_date";
}

/** Decides whether referrals still earn their rewards, by their orders as they are now. @returns as many, in the same order */
export async function weighPayouts(
  tx: Tx,
  shop: KnownShop,
  all: readonly (Read & { readonly referral: ReferralRow })[],
  now: Date,
): Promise<Payability[]> {
  const ownerOf = await ownersOf(tx, shop, all);
  return all.map(({ work, evidence, referral }) => {
    const order = evidence?.order ?? null;
    const payable = order === null ? null : payableOrderOf(order, ownerOf(order, work), work.terms);
    return payability({
      read:
        payable === null
          ? { outcome: "unreadable", since: unreadableSince(referral) ?? now.getTime() }
          : { outcome: "read", order: payable },
      referral: {
        friendPerson: referral.friendPerson,
        orderAt: referral.orderAt?.getTime() ?? now.getTime(),
        paidAt: referral.paidAt?.getTime() ?? null,
        eligibleAt: referral.eligibleAt?.getTime() ?? null,
        snapshot: orderFromSnapshot(referral.orderSnapshot?.["payable"]),
      },
      // Money of two currencies is never compared: a person weighs such an order.
      minimumOrderMinor: isForeign(work, evidence) ? null : work.terms.minimumOrderMinor,
      now: now.getTime(),
    });
  });
}

/** Whether the order is in another currency than the terms that its link keeps: the shop changed it in between. */
export function isForeign({ terms }: OpenWork, evidence: ShopifyEvidence | null): boolean {
  const order = evidence?.order ?? null;
  return order !== null && order.currency !== terms.currency;
}

/** When an order could not be read for the first time: the day of asking again begins there, however late that is. */
export function unreadableSince(referral: ReferralRow): number | null {
  const since = referral.orderSnapshot?.[UNREADABLE_SINCE];
  return typeof since === "number" ? since : null;
}

/** @returns the person whom an order belongs to now; null where Shopify names no customer, or one we have not met. */
async function ownersOf(
  tx: Tx,
  { shopId, keyring }: KnownShop,
  all: readonly Read[],
): Promise<(order: AdminOrder, work: OpenWork) => string | null> {
  const customerHash = ({ customerId }: AdminOrder): string | null =>
    customerId === null ? null : keyring.person("customer", customerId);
  const orders = all.map(({ evidence }) => evidence?.order ?? null).filter((order) => order !== null);
  const hashes = orders.map(customerHash).filter((hash) => hash !== null);
  const keys = hashes.map((hash) => ({ kind: "customer" as const, hash }));
  const owners = new Map<string | null, string>(
    (await ownersOfKeys(tx, shopId, keys)).map(({ hash, personId }) => [hash, personId]),
  );
  const friends = all.map(({ work }) => work.referral.friendPerson);
  const canonical = await canonicalOfEach(tx, shopId, friends);
  return (order, { referral: { friendPerson } }) => {
    const owner = owners.get(customerHash(order)) ?? null;
    // A friend who was merged is still the friend whom the referral names.
    return owner === canonical.get(friendPerson) ? friendPerson : owner;
  };
}
