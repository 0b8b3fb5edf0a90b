import { afterAll, expect, test } from "vitest";
import { newId } from "#app/platform/ids.ts";
import { buildPerson, hash } from "#test/builders/domain.ts";
import {
  buy,
  casesOf,
  convertedFriend,
  COOLING_OFF_MS,
  EVE,
  HOUR_MS,
  MARA,
  mintCode,
  onlyReferral,
  orderFacts,
  personFacts,
  tap,
} from "#test/builders/journeys.ts";
import { buildRewardingShop, decide, openCaseOf, refund, rewardFriend, rewardsOf } from "#test/builders/rewarded.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { claimWelcome } from "./claim-welcome.ts";
import { decideDifference } from "./decide-difference.ts";
import { expireReward } from "./expire-reward.ts";
import { fulfilReward } from "./fulfil-reward.ts";
import { handleEvent } from "./handle-event.ts";
import type { InboxEvent } from "./inbox-event.ts";

const db = await createTestDatabase();
afterAll(db.drop);

/** Does to a row what no statement of the application can: the owner sets the guards aside. */
async function tamper(sql: string, values: readonly unknown[]): Promise<void> {
  const client = await db.ownerPool.connect();
  try {
    await client.query("BEGIN; SET LOCAL session_replication_role = replica");
    await client.query(sql, [...values]);
    await client.query("COMMIT");
  } finally {
    client.release();
  }
}

test("what a replacement took is not put back when the old code's order is cancelled: a person is asked, once", async () => {
  const world = await buildRewardingShop(db);
  const { referrer } = await rewardFriend(world, { customerId: MARA, orderId: "5001" });
  const discounts = [{ code: referrer.code ?? "", amount: "6.00" }];
  const used = { orderId: "5002", customerId: EVE, discounts, discountCodes: [referrer.code ?? ""] };
  await buy(world, used);
  // The guards allow no replacement of what was used; should there ever be one, nobody is paid twice.
  await refund(world, { orderId: "5001", amount: "42.00" });
  await decide(world, await openCaseOf(world), { intent: "goodwill" });
  const replaced = "UPDATE rewards SET kind = 'replacement', replaces = $2 WHERE shop_id = $1 AND kind = 'goodwill'";
  await tamper(replaced, [world.shopId, referrer.id]);
  const cancelledAt = world.clock.now().getTime();
  for (const updatedAt of [cancelledAt + 1, cancelledAt + 2])
    await world.deliver("orders/cancelled", { ...orderFacts(world, used), cancelledAt, updatedAt });
  await world.work();
  expect((await casesOf(world)).map(({ reason }) => reason)).toContain("replaced_reward_cancelled");
  expect(await world.query("SELECT FROM audit WHERE action = 'reward.use_unbooked'")).toHaveLength(1);
  expect(await world.query("SELECT FROM ledger_transfers WHERE purpose = 'reverse'")).toEqual([]);
});

test("store credit and gift cards, which hold nothing here once they are given, are not ended here", async () => {
  const world = await buildRewardingShop(db);
  const { referrer } = await rewardFriend(world, { customerId: MARA, orderId: "5001" });
  const ended = new Date(world.clock.now().getTime() - HOUR_MS);
  await tamper("UPDATE rewards SET remaining = 0, expires_at = $3 WHERE shop_id = $1 AND id = $2", [
    world.shopId,
    referrer.id,
    ended,
  ]);
  const row = { shopId: world.shopId, id: newId(), topic: "reward.expire", dedupeKey: `expire-reward:${referrer.id}` };
  expect(await expireReward(world, { ...row, payload: {}, attempts: 1, externalId: null })).toEqual({
    outcome: "done",
  });
  expect((await rewardsOf(world))[0]?.status).toBe("issued");
});

const FRIEND_FIRST = { fulfils: true, terms: { friend: { when: "on_first_order" } } } as const;

test("a friend who has used the welcome code on a later order meanwhile is sent no other, however often it is asked", async () => {
  const world = await buildUseCases(db, FRIEND_FIRST);
  const token = tap(world, await mintCode(world));
  await world.work();
  const email = "eve@shop.example";
  const asks = { customerId: null, email, device: null, prefix: null, cartToken: null, locale: "en" };
  const claimed = await claimWelcome(world, { shop: world.shop, token, ...asks });
  if (claimed.outcome === "refused" || claimed.welcomeCode === null) throw new Error("no code was claimed");
  world.clock.skip(HOUR_MS);
  const tokens = { cartAttribute: [token], landingSite: [] };
  await buy(world, { orderId: "5001", customerId: EVE, email, tokens });
  world.clock.skip(HOUR_MS);
  const code = claimed.welcomeCode;
  const discounts = { discountCodes: [code], discounts: [{ code, amount: "10.00" }] };
  await buy(world, { orderId: "5002", customerId: EVE, email, ...discounts });
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  const [welcome] = (await rewardsOf(world)).filter(({ kind }) => kind === "welcome");
  expect(welcome).toMatchObject({ status: "redeemed", code });
  expect(await world.query("SELECT FROM outbox WHERE dedupe_key = $1", [`note:${welcome?.id}`])).toEqual([]);
  const row = { shopId: world.shopId, id: newId(), topic: "reward.fulfil", dedupeKey: `fulfil:${welcome?.id}` };
  const again = { ...row, payload: {}, attempts: 2, externalId: null };
  expect(await fulfilReward(world, again)).toEqual({ outcome: "done" });
});

test("a welcome discount that was deleted is made again with codes that nobody has yet", async () => {
  const world = await buildUseCases(db, FRIEND_FIRST);
  await world.work();
  const [discount = ""] = world.shopify.settings.keys();
  world.shopify.settings.delete(discount);
  world.shopify.codes.clear();
  world.clock.skip(25 * HOUR_MS);
  await world.work();
  const [open] = await world.query<{ id: string }>("SELECT id FROM differences WHERE state = 'open' LIMIT 1");
  const input = { shopId: world.shopId, differenceId: open?.id ?? "", choice: "make_again", actor: "7" } as const;
  expect(await decideDifference(world, { ...input, shopId: newId() })).toEqual({ outcome: "not_open" });
  expect(await decideDifference(world, input)).toEqual({ outcome: "decided" });
  expect(await decideDifference(world, input)).toEqual({ outcome: "not_open" });
  await world.work();
  expect(world.shopify.codes.size).toBeGreaterThan(0);
});

test("a redaction that names an e-mail address alone ends what its person has open", async () => {
  const world = await buildUseCases(db);
  await convertedFriend(world, { email: "mara@shop.example" });
  const { emailHash } = personFacts(world, MARA, { email: "mara@shop.example" });
  const person = buildPerson({ customerId: null, customerHash: null, emailHash });
  await world.deliver("customers/redact", { kind: "redact", person, orderIds: [] });
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "VOIDED", reason: "friend_erased" });
});

function handled(world: UseCases, facts: InboxEvent["facts"]) {
  const told: object[] = [];
  const rung: string[] = [];
  const deps = {
    ...world,
    ringInbox: () => void rung.push("inbox"),
    uninstall: () => Promise.reject(new Error("not asked for")),
    refreshShop: (input: object) => Promise.resolve(void told.push(input)),
  };
  const event = { shopId: world.shopId, id: newId(), topic: "any", facts, receivedAt: world.clock.now() };
  return handleEvent(deps, event).then((verdict) => ({ verdict, told, rung }));
}

test("news of a shop has it read again; its scopes stay as they are", async () => {
  const world = await buildUseCases(db);
  const nothing = { name: null, currency: null, primaryDomain: null, domains: null, timeZone: null, locale: null };
  const { verdict, told } = await handled(world, { kind: "shop", ...nothing, updatedAt: null });
  expect([verdict, told]).toEqual([
    { outcome: "done" },
    [{ shopId: world.shopId, domain: world.domain, scopes: null }],
  ]);
});

test("a pixel wakes the order of its checkout, and rings for nobody else's", async () => {
  const world = await buildUseCases(db);
  const checkoutTokenHash = hash("checkout");
  await world.deliver("orders/paid", orderFacts(world, { orderId: "5001", checkoutTokenHash }));
  await world.work();
  const pixel = { kind: "pixel", orderId: null, tokens: [], device: null, at: 1 } as const;
  const other = await handled(world, { ...pixel, checkoutTokenHash: hash("another") });
  expect(other.rung).toEqual([]);
  const own = await handled(world, { ...pixel, checkoutTokenHash });
  expect([own.verdict, own.rung]).toEqual([{ outcome: "done" }, ["inbox"]]);
});
