import { afterAll, expect, test } from "vitest";
import { DAY_MS } from "#test/builders/domain.ts";
import { bind, buy, convertedFriend, COOLING_OFF_MS, findingsOf, HOUR_MS, tap } from "#test/builders/journeys.ts";
import { rewardsOf, useCode } from "#test/builders/rewarded.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { decideDifference } from "./decide-difference.ts";
import type { DifferenceChoice } from "./decide-difference.ts";
import { pausePayouts } from "./pause-payouts.ts";

const db = await createTestDatabase();
afterAll(db.drop);

/** A friend brought, and both sides given their codes. */
async function paid(): Promise<{ world: UseCases; codes: string[]; discounts: string[] }> {
  const world = await buildUseCases(db, { fulfils: true });
  await convertedFriend(world);
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  const rewards = await world.query<{ code: string; discount: string }>(
    "SELECT code, external_id AS discount FROM rewards WHERE status = 'issued' ORDER BY side",
  );
  expect(rewards).toHaveLength(2);
  return { world, codes: rewards.map(({ code }) => code), discounts: rewards.map(({ discount }) => discount) };
}

async function nextDay(world: UseCases): Promise<void> {
  world.clock.skip(DAY_MS);
  await world.work();
}

type Seen = { id: string; kind: string; subject: string; state: string; detail: object };

function differencesOf(world: UseCases): Promise<Seen[]> {
  return world.query<Seen>("SELECT id, kind, subject, state, detail FROM differences ORDER BY found_at, id");
}

async function pausedOf(world: UseCases): Promise<string | null> {
  const [row] = await world.query<{ paused: string | null }>("SELECT payouts_paused AS paused FROM shops");
  return row?.paused ?? null;
}

async function decide(world: UseCases, choice: DifferenceChoice): Promise<string> {
  const open = (await differencesOf(world)).find(({ state }) => state === "open");
  const input = {
    shopId: world.shopId,
    differenceId: open?.id ?? "00000000-0000-7000-8000-000000000000",
    choice,
    actor: "7",
  };
  return (await decideDifference(world, input)).outcome;
}

const BROKEN = "check_failed:check_discounts";

test("where everything is as it was made there is no difference, day after day", async () => {
  const { world } = await paid();
  for (let days = 0; days < 3; days += 1) await nextDay(world);
  expect(world.shopify.calls).toContain("codesOfDiscount");
  expect(await differencesOf(world)).toEqual([]);
  expect(await pausedOf(world)).toBeNull();
});

test("a discount that was deleted is found, pauses the payouts, and made again it holds the same codes", async () => {
  const { world, codes, discounts } = await paid();
  const [discount = "", code = ""] = [discounts[0], codes[0]];
  world.shopify.settings.delete(discount);
  world.shopify.codes.delete(code);
  await nextDay(world);
  expect(await differencesOf(world)).toMatchObject([{ kind: "discount_missing", subject: discount, state: "open" }]);
  expect(await pausedOf(world)).toBe(BROKEN);
  expect(await decide(world, "make_again")).toBe("decided");
  await world.work();
  expect(world.shopify.codes.get(code)).not.toBe(discount);
  expect(world.shopify.codes.get(code)).toMatch(/^gid:/);
  await pausePayouts(world, { shopId: world.shopId, reason: null, actor: "7" });
  await nextDay(world);
  expect((await differencesOf(world)).filter(({ state }) => state === "open")).toEqual([]);
  expect(await pausedOf(world)).toBeNull();
  expect(await world.query("SELECT FROM rewards WHERE status = 'issued'")).toHaveLength(2);
  expect(await findingsOf(world)).toEqual([]);
});

test("a code that was deleted alone is found, and made again it is the same one", async () => {
  const { world, codes } = await paid();
  const [code = ""] = codes;
  world.shopify.codes.delete(code);
  await nextDay(world);
  expect(await differencesOf(world)).toMatchObject([{ kind: "code_missing", subject: code }]);
  expect(await decide(world, "make_again")).toBe("decided");
  await world.work();
  expect(world.shopify.codes.has(code)).toBe(true);
  await nextDay(world);
  expect(await differencesOf(world)).toMatchObject([{ state: "ended" }]);
});

test("a discount that was changed is found by what was changed, and ends when it is changed back", async () => {
  const { world, discounts } = await paid();
  const [discount = ""] = discounts;
  const made = world.shopify.settings.get(discount);
  if (made === undefined) throw new Error("the discount was made");
  world.shopify.settings.set(discount, { ...made, off: { kind: "fixed", amount: "100.00" }, usageLimit: null });
  await nextDay(world);
  const fields = { fields: ["off", "usageLimit"] };
  expect(await differencesOf(world)).toMatchObject([{ kind: "discount_edited", state: "open", detail: fields }]);
  expect(await pausedOf(world)).toBe(BROKEN);
  expect(await decide(world, "withdraw")).toBe("not_for_this");
  expect(await decide(world, "make_again")).toBe("not_for_this");
  world.shopify.settings.set(discount, made);
  await nextDay(world);
  expect(await differencesOf(world)).toMatchObject([{ state: "ended" }]);
});

test("a code that somebody added is found and withdrawn; one that is let stand is found no second time", async () => {
  const { world, discounts } = await paid();
  const [discount = ""] = discounts;
  world.shopify.codes.set("STAFFPARTY", discount);
  await nextDay(world);
  expect(await differencesOf(world)).toMatchObject([{ kind: "code_unknown", subject: "STAFFPARTY" }]);
  expect(await decide(world, "withdraw")).toBe("decided");
  expect(world.shopify.codes.has("STAFFPARTY")).toBe(false);
  expect(await decide(world, "withdraw")).toBe("not_open");
  world.shopify.codes.set("FORFRIENDS", discount);
  await nextDay(world);
  expect(await decide(world, "accept")).toBe("decided");
  await pausePayouts(world, { shopId: world.shopId, reason: null, actor: "7" });
  await nextDay(world);
  expect((await differencesOf(world)).map(({ state }) => state)).toEqual(["ended", "accepted"]);
  expect(await pausedOf(world)).toBeNull();
});

test("a use without an order is waited for, and told when the orders were read and it still has none", async () => {
  const { world, codes } = await paid();
  const [code = ""] = codes;
  world.shopify.uses.set(code, 1);
  await nextDay(world);
  expect(await differencesOf(world)).toEqual([]);
  world.clock.skip(HOUR_MS);
  await world.work();
  expect(await differencesOf(world)).toMatchObject([{ kind: "used_without_order", subject: code, state: "open" }]);
});

test("a message of a deletion lets the shop be compared within minutes", async () => {
  const { world, codes } = await paid();
  const [code = ""] = codes;
  world.shopify.codes.delete(code);
  await world.deliver("discounts/redeemcode_removed", { kind: "discount_removed", discountId: "1", code });
  await world.work();
  expect(await differencesOf(world)).toEqual([]);
  world.clock.skip(11 * 60_000);
  await world.work();
  expect(await differencesOf(world)).toMatchObject([{ kind: "code_missing", subject: code }]);
});

test("a merchant's own discount with a text like our codes is none of our business", async () => {
  const { world } = await paid();
  world.shopify.titles.set("gid://shopify/DiscountCodeNode/999", "Spring");
  world.shopify.codes.set("ABCD2345EFGH6789", "gid://shopify/DiscountCodeNode/999");
  await nextDay(world);
  expect(await differencesOf(world)).toEqual([]);
});

test("a code that nobody knows stays on the list while Shopify cannot be asked to take it away", async () => {
  const { world, discounts } = await paid();
  world.shopify.codes.set("STAFFPARTY", discounts[0] ?? "");
  await nextDay(world);
  world.shopify.trouble = { outcome: "throttled", retryAfterMs: 1_000 };
  expect(await decide(world, "withdraw")).toBe("not_now");
  expect(await differencesOf(world)).toMatchObject([{ kind: "code_unknown", state: "open" }]);
  world.shopify.trouble = null;
  expect(await decide(world, "withdraw")).toBe("decided");
});

test("a code that shares its discount with others is made again under the same one", async () => {
  const world = await buildUseCases(db, { fulfils: true });
  const { code: link } = await convertedFriend(world);
  await bind(world, "8002", [tap(world, link)]);
  world.clock.skip(HOUR_MS);
  await buy(world, { customerId: "8002", orderId: "5002" });
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  const [later] = await world.query<{ code: string; discount: string }>(
    `SELECT w.code, w.external_id AS discount FROM rewards w JOIN discount_parents p ON p.external_id = w.external_id
      WHERE w.side = 1 AND w.code <> p.first_code`,
  );
  const { code, discount } = later ?? { code: "", discount: "" };
  expect(world.shopify.codes.get(code)).toBe(discount);
  world.shopify.codes.delete(code);
  await nextDay(world);
  expect(await decide(world, "make_again")).toBe("decided");
  await world.work();
  expect(world.shopify.codes.get(code)).toBe(discount);
});

test("a code that was used before a person has it made again is not made again", async () => {
  const { world, codes } = await paid();
  const [code = ""] = codes;
  world.shopify.codes.delete(code);
  await nextDay(world);
  const used = (await rewardsOf(world)).find((reward) => reward.code === code);
  if (used === undefined) throw new Error("the code is a reward's");
  await useCode(world, used);
  expect(await decide(world, "make_again")).toBe("decided");
  const asked = await world.query("SELECT FROM outbox WHERE dedupe_key LIKE $1", [`fulfil:${used.id}:again:%`]);
  expect(asked).toEqual([]);
  await world.work();
  expect(world.shopify.codes.has(code)).toBe(false);
  expect((await rewardsOf(world)).find(({ id }) => id === used.id)?.status).toBe("redeemed");
});
