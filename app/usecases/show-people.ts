import { referralById } from "#app/data/referrals.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { comparePeople, isTelling } from "#app/domain/review/compare-people.ts";
import type { ShownAddress, ShownPerson } from "#app/domain/review/compare-people.ts";
import type { ComparisonView } from "#app/read-models.ts";
import { profileOf } from "./learn-profile.ts";
import type { AdminAddress, AdminCard, AdminOrder, ShopAdmin, ShopPerson } from "./ports.ts";
import type { ReferralWorkDeps } from "./referral-work.ts";

export type ShowPeopleResult =
  | { readonly outcome: "shown"; readonly comparison: readonly ComparisonView[] }
  | { readonly outcome: "not_found" }
  | { readonly outcome: "unavailable" };

const NOBODY: ShownPerson = { name: null, email: null, phone: null, address: null, cards: [] };

/**
 * Reads both people of a referral from Shopify, for the one who decides a case: names, addresses, cards, side by side.
 * Nothing of it is stored. A friend's address is where the order goes; a referrer's is their own.
 */
export async function showPeople(
  deps: Pick<ReferralWorkDeps, "pools" | "keys" | "shops" | "admin">,
  input: { shopId: string; referralId: string },
): Promise<ShowPeopleResult> {
  const { shopId } = input;
  const shop = await deps.shops.byId(shopId);
  if (shop === null) return { outcome: "not_found" };
  const ids = await idsOf(deps, input);
  if (ids === null) return { outcome: "not_found" };
  const admin = deps.admin.forShop(shopId, shop.domain);
  const order = ids.orderId === null ? null : await admin.readOrder(ids.orderId);
  if (order !== null && order.outcome !== "ok" && order.outcome !== "not_found") return { outcome: "unavailable" };
  const referrer = await personOf(admin, ids.referrer);
  const friend = await personOf(admin, ids.friend);
  if (referrer === "trouble" || friend === "trouble") return { outcome: "unavailable" };
  const bought = order?.outcome === "ok" ? order.order : null;
  const comparison = comparePeople(referrer, withOrder(friend, bought));
  return { outcome: "shown", comparison: comparison.map((each) => ({ ...each, telling: isTelling(each) })) };
}

async function idsOf(deps: Pick<ReferralWorkDeps, "pools" | "keys">, input: { shopId: string; referralId: string }) {
  const { shopId, referralId } = input;
  return inShop(deps.pools, shopId, async (tx) => {
    const referral = await referralById(tx, shopId, referralId);
    if (referral === null) return null;
    const idOf = async (personId: string) =>
      (await profileOf(tx, { keys: deps.keys, shopId, personId })).customerId ?? null;
    const [friend, referrer] = [await idOf(referral.friendPerson), await idOf(referral.referrerPerson)];
    return { friend, referrer, orderId: referral.qualifyingOrder };
  });
}

async function personOf(admin: ShopAdmin, customerId: string | null): Promise<ShownPerson | "trouble"> {
  if (customerId === null) return NOBODY;
  const read = await admin.readPerson(customerId);
  if (read.outcome === "not_found") return NOBODY;
  if (read.outcome !== "ok") return "trouble";
  const cards = await admin.boughtWith(customerId);
  if (cards.outcome !== "ok") return "trouble";
  return { ...shownOf(read.person), cards: [...new Set(cards.cards.map(cardText))] };
}

function shownOf({ firstName, lastName, email, phone, address }: ShopPerson): Omit<ShownPerson, "cards"> {
  const name = [firstName, lastName].filter((part) => part !== null && part !== "").join(" ");
  return { name: name === "" ? null : name, email, phone, address: addressOf(address) };
}

function withOrder(friend: ShownPerson, order: AdminOrder | null): ShownPerson {
  if (order === null) return friend;
  const paidWith = order.card === null ? [] : [cardText(order.card)];
  return {
    ...friend,
    email: friend.email ?? order.email,
    phone: friend.phone ?? order.phone,
    address: addressOf(order.shippingAddress) ?? friend.address,
    cards: [...new Set([...paidWith, ...friend.cards])],
  };
}

function addressOf(address: AdminAddress | null): ShownAddress | null {
  if (address === null) return null;
  return {
    street: shown(address.address1),
    unit: shown(address.address2),
    city: shown(address.city),
    zip: shown(address.zip),
    country: shown(address.countryCode),
  };
}

/** What was left empty is not shown. */
function shown(part: string | null): string | null {
  return part === null || part.trim() === "" ? null : part;
}

function cardText({ brand, lastFour, expiryMonth, expiryYear }: AdminCard): string {
  return `${brand} •••• ${lastFour}, ${String(expiryMonth).padStart(2, "0")}/${String(expiryYear)}`;
}
