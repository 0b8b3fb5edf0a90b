import { sealClickToken } from "#app/platform/click-token.ts";
import { newId } from "#app/platform/ids.ts";
import { sealProfile } from "#app/platform/sealed-profile.ts";
import { inShop } from "#app/data/tenant.ts";
import type { OrderFacts } from "#app/domain/event/order-facts.ts";
import type { PersonFacts } from "#app/domain/event/person-facts.ts";
import type { ReferralState } from "#app/domain/referral/state.ts";
import type { AdminCard, AdminOrder } from "#app/usecases/ports.ts";
import { bindCustomer } from "#app/usecases/bind-customer.ts";
import { mintLink } from "#app/usecases/mint-link.ts";
import { buildOrderFacts, DAY_MS } from "./domain.ts";
import { buildAdminOrder, buildCustomerAnswer } from "./fake-shopify.ts";
import type { UseCases } from "./usecases.ts";

/** Ids and addresses of the people of the journey; each test has a shop of its own. */
export const DAN = "9007199254740993";
export const MARA = "9007199254740995";
export const EVE = "7003";
export const WINDOW_MS = 30 * DAY_MS;
export const COOLING_OFF_MS = 14 * DAY_MS;
export const HOUR_MS = 3_600_000;

/** What a delivery tells of a customer; without an address it is the lower access level's. */
export function personFacts(
  world: UseCases,
  customerId: string,
  keys: { email?: string; phone?: string } = {},
): PersonFacts {
  const { keyring } = world.shop;
  const { email = null, phone = null } = keys;
  return {
    customerId,
    customerHash: keyring.person("customer", customerId),
    emailHash: email === null ? null : keyring.person("email", email),
    phoneHash: phone === null ? null : keyring.person("phone", phone),
    profileSealed: sealProfile(world.keys, world.shopId, { firstName: "Mara", email, phone, locale: "en" }),
    emailDomain: null,
  };
}

/** A customer who has bought asks for their link. Returns its code. */
export async function mintCode(
  world: UseCases,
  customerId: string = DAN,
  device: string | null = null,
): Promise<string> {
  if (!world.shopify.customers.has(customerId))
    world.shopify.customers.set(customerId, buildCustomerAnswer(customerId));
  const minted = await mintLink(world, { shop: world.shop, customerId, device });
  if (minted.outcome === "refused") throw new Error(minted.reason);
  return minted.code;
}

export type Tap = { at?: number; shopId?: string; flags?: number; clickId?: string };

/** Somebody taps a link: the token that the door would make. */
export function tap(world: UseCases, codeText: string, options: Tap = {}): string {
  const { at = world.clock.now().getTime(), shopId = world.shopId, flags = 0, clickId = newId() } = options;
  return sealClickToken(world.keys, {
    shopId,
    codeText,
    clickId,
    issuedAt: new Date(at),
    expiresAt: new Date(at + WINDOW_MS),
    flags,
  });
}

/** A logged-in customer's browser hands its tokens over, and the worker weighs them. */
export async function bind(
  world: UseCases,
  customerId: string,
  tokens: readonly string[],
  device: string | null = null,
): Promise<void> {
  await bindCustomer(world, { shop: world.shop, customerId, tokens, device });
  await world.work();
}

export type Purchase = Partial<OrderFacts> & {
  customerId?: string;
  orderId: string;
  email?: string;
  phone?: string;
  cardUsed?: AdminCard;
  admin?: Partial<AdminOrder>;
};

/** What a webhook says of a purchase that is made and paid now. */
export function orderFacts(world: UseCases, purchase: Purchase): OrderFacts {
  const { customerId = MARA, email, phone, cardUsed: _card, admin: _admin, ...changes } = purchase;
  const now = world.clock.now().getTime();
  const keys = { ...(email === undefined ? {} : { email }), ...(phone === undefined ? {} : { phone }) };
  const times = { createdAt: now, processedAt: now, updatedAt: now, paidAt: now };
  return buildOrderFacts({ person: personFacts(world, customerId, keys), ...times, ...changes });
}

/** Puts a purchase into the pretend Shopify, where the payout reads it again. */
export function placeOrder(world: UseCases, purchase: Purchase): OrderFacts {
  const facts = orderFacts(world, purchase);
  const { customerId = MARA } = purchase;
  world.shopify.orders.set(
    facts.orderId,
    buildAdminOrder({
      orderId: facts.orderId,
      customerId,
      createdAt: new Date(facts.createdAt),
      totalPrice: facts.totalPrice,
      currency: facts.currency,
      card: purchase.cardUsed ?? null,
      ...purchase.admin,
    }),
  );
  if (!world.shopify.customers.has(customerId))
    world.shopify.customers.set(customerId, buildCustomerAnswer(customerId));
  return facts;
}

/** A purchase, made and paid now: one `orders/paid`, and the worker takes it up. */
export async function buy(world: UseCases, purchase: Purchase): Promise<OrderFacts> {
  const facts = placeOrder(world, purchase);
  await world.deliver("orders/paid", facts);
  await world.work();
  return facts;
}

/** Dan mints, Mara taps and signs up, and half an hour later she buys. */
export async function convertedFriend(world: UseCases, purchase: Partial<Purchase> = {}): Promise<{ code: string }> {
  const code = await mintCode(world);
  await bind(world, MARA, [tap(world, code)]);
  world.clock.skip(HOUR_MS / 2);
  await buy(world, { orderId: "5001", ...purchase });
  return { code };
}

export type ReferralView = {
  id: string;
  state: ReferralState;
  reason: string | null;
  order: string | null;
  code: string;
  friend: string;
  referrer: string;
  paidAt: Date | null;
  eligibleAt: Date | null;
  expiresAt: Date;
};

/** Every referral of the shop, oldest first. */
export function referralsOf(world: UseCases): Promise<ReferralView[]> {
  return world.query<ReferralView>(
    `SELECT r.id, r.state, r.reason, r.qualifying_order::text AS "order", c.code, r.friend_person AS friend,
            r.referrer_person AS referrer, r.paid_at AS "paidAt", r.eligible_at AS "eligibleAt", r.expires_at AS "expiresAt"
       FROM referrals r JOIN codes c ON c.shop_id = r.shop_id AND c.id = r.code_id ORDER BY r.opened_at, r.id`,
  );
}

/** The one referral of the shop. */
export async function onlyReferral(world: UseCases): Promise<ReferralView> {
  const [referral, ...others] = await referralsOf(world);
  if (referral === undefined || others.length > 0) throw new Error(`${others.length + 1} referrals`);
  return referral;
}

/** Why clicks won or lost, newest weighing last. */
export function attributionsOf(
  world: UseCases,
): Promise<{ event: string; reason: string | null; losers: { reason: string }[] }[]> {
  return world.query("SELECT event, reason, losers FROM attributions ORDER BY at, id");
}

/** What was paid: rewards by side, and posted transfers. */
export async function paidOf(world: UseCases): Promise<{ rewards: number; posts: number }> {
  const [paid] = await world.query<{ rewards: number; posts: number }>(
    `SELECT (SELECT count(*)::int FROM rewards) AS rewards, (SELECT count(*)::int FROM ledger_transfers WHERE kind = 2) AS posts`,
  );
  return paid ?? { rewards: 0, posts: 0 };
}

export type CaseView = {
  id: string;
  kind: string;
  state: string;
  version: number;
  reason: string | null;
  decision: string | null;
};

/** Every case of the shop, oldest first. */
export function casesOf(world: UseCases): Promise<CaseView[]> {
  return world.query<CaseView>("SELECT id, kind, state, version, reason, decision FROM cases ORDER BY opened_at, id");
}

/** Who the person behind a customer is, merges followed. */
export async function personOf(world: UseCases, customerId: string): Promise<string | null> {
  const [row] = await world.query<{ id: string }>(
    `SELECT coalesce(p.merged_into, p.id) AS id FROM person_keys k JOIN people p ON p.shop_id = k.shop_id AND p.id = k.person_id
      WHERE k.kind = 'customer' AND k.identifies AND k.hash = decode($1, 'hex')`,
    [world.shop.keyring.person("customer", customerId)],
  );
  return row?.id ?? null;
}

/** What the invariants say at the world's present; empty when all is well. */
export async function findingsOf(world: UseCases): Promise<string[]> {
  return inShop(world.pools, world.shopId, async (tx) => {
    await tx.query("SELECT set_config('app.now', $1, true)", [world.clock.now().toISOString()]);
    const views = await tx.query<{ name: string }>(
      "SELECT relname::text AS name FROM pg_class WHERE relkind = 'v' AND relname LIKE 'check\\_%' AND relnamespace = 'public'::regnamespace ORDER BY 1",
    );
    const found: string[] = [];
    for (const { name } of views) if ((await tx.query(`SELECT FROM ${name}`)).length > 0) found.push(name);
    return found;
  });
}
