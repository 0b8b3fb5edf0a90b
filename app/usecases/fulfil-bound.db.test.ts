import { afterAll, expect, test } from "vitest";
import { inShop } from "#app/data/tenant.ts";
import { codeRefusal } from "#simulator/world/discounts.ts";
import { createCustomer } from "#simulator/world/customers.ts";
import { fulfilToEnd, rewardRows } from "#test/builders/credit-shops.ts";
import { earnRewards } from "#test/builders/earned-rewards.ts";
import { buildShopifyDeps, grantShop, startTestSimulator } from "#test/builders/installed-shop.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { fulfilCodes } from "./fulfil-codes.ts";
import { installShop } from "./install-shop.ts";
import { learnProfile } from "./learn-profile.ts";
import { saveTerms } from "./save-terms.ts";

const db = await createTestDatabase();
const simulator = await startTestSimulator();
afterAll(async () => {
  await simulator.close();
  await db.drop();
});

/** A shop that binds its codes, with a paid referral of two customers whom it knows, or does not. */
async function build(options: { isKnown: boolean }) {
  const deps = buildShopifyDeps(db.pools, simulator);
  const granted = await grantShop(deps, simulator);
  await installShop(deps, granted);
  const { shop, shopId } = granted;
  const patch = { bind_to_customer: true, friend: { when: "after_first_order" } };
  const saved = await saveTerms(deps, { shopId, patch, actor: "test" });
  if (saved.outcome !== "saved") throw new Error(JSON.stringify(saved));
  const { referrer, friend } = await earnRewards(db.pools, shopId, { termsVersion: saved.version });
  const owners = new Map<string, string>();
  for (const { rewardId, personId } of [referrer, friend]) {
    const { id: customerId } = createCustomer(simulator.world, shop, { email: `${personId}@example.com` });
    owners.set(rewardId, customerId);
    const learned = options.isKnown ? { customerId } : { firstName: "Sam" };
    await inShop(db.pools, shopId, (tx) => learnProfile(tx, { keys: deps.keys, shopId, personId, learned }));
  }
  return { deps, ...granted, owners };
}

test("where codes are bound each works for the customer it was given to, and for nobody else", async () => {
  const { deps, shop, shopId, owners } = await build({ isKnown: true });
  const rows = [...owners.keys()].map((rewardId, index) => ({
    shopId,
    id: rewardId,
    topic: "reward.fulfil",
    dedupeKey: `fulfil:${rewardId}`,
    payload: {},
    attempts: index + 1,
    externalId: null,
  }));
  expect(await fulfilCodes(deps, shopId, rows)).toEqual(new Map());
  for (const id of owners.keys()) expect(await fulfilToEnd(deps, shopId, id)).toMatchObject({ outcome: "done" });
  expect(shop.discounts.size).toBe(2);
  const cart = { subtotalMinor: 5_000n, quantity: 1 };
  for (const { id, code, status } of await rewardRows(db, shopId)) {
    expect(status).toBe("issued");
    for (const customerId of [...owners.values(), null]) {
      const expected = customerId === owners.get(id) ? null : "wrong_customer";
      expect(codeRefusal(simulator.world, shop, { ...cart, code: code ?? "", customerId })).toBe(expected);
    }
  }
});

test("a reward of somebody whose customer is not known is blocked instead of given to everybody", async () => {
  const { deps, shop, shopId, owners } = await build({ isKnown: false });
  for (const id of owners.keys())
    expect(await fulfilToEnd(deps, shopId, id)).toEqual({ outcome: "dead", reason: "customer_unknown" });
  expect((await rewardRows(db, shopId)).map(({ status }) => status)).toEqual(["blocked", "blocked"]);
  expect(shop.discounts.size).toBe(0);
});
