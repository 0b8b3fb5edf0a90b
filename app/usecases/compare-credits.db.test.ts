import { afterAll, expect, test } from "vitest";
import { DAY_MS } from "#test/builders/domain.ts";
import { convertedFriend, COOLING_OFF_MS, findingsOf } from "#test/builders/journeys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { compareDiscounts } from "./compare-discounts.ts";
import { decideDifference } from "./decide-difference.ts";
import type { ShopAdmin, WorkVerdict } from "./ports.ts";
import type { FoundCredit } from "./reconcile-ports.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const GIDS = ["gid://shopify/StoreCreditAccountCreditTransaction/1", "gid://shopify/GiftCard/2"] as const;
const BROKEN = "check_failed:check_discounts";

/** A friend brought; the referrer was given store credit, the friend a gift card, and the shop has both. */
async function given(): Promise<UseCases> {
  const world = await buildUseCases(db);
  await convertedFriend(world);
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  const expiresAt = new Date(world.clock.now().getTime() + 90 * DAY_MS);
  const forms = ["store_credit", "gift_card"] as const;
  for (const [index, form] of forms.entries())
    await world.query(
      "UPDATE rewards SET status = 'issued', form = $2, external_id = $3, expires_at = $4 WHERE side = $1",
      [index + 1, form, GIDS[index], new Date(expiresAt.getTime() + index * 1_000)],
    );
  const worth = { amount: "10.0", currency: "GBP", isEnabled: true };
  const [credit, card] = GIDS;
  world.shopify.credits.set(credit, { ...worth, externalId: credit, endsAt: expiresAt.toISOString() });
  world.shopify.credits.set(card, { ...worth, externalId: card, endsAt: expiresAt.toISOString().slice(0, 10) });
  return world;
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

function change(world: UseCases, gid: string, changes: Partial<FoundCredit>): void {
  const held = world.shopify.credits.get(gid);
  if (held === undefined) throw new Error("the shop has it");
  world.shopify.credits.set(gid, { ...held, ...changes });
}

test("store credit and gift cards that are as they were given are no difference, day after day", async () => {
  const world = await given();
  for (let days = 0; days < 2; days += 1) await nextDay(world);
  expect(world.shopify.calls.filter((call) => call === "creditsById").length).toBeGreaterThanOrEqual(4);
  expect(await differencesOf(world)).toEqual([]);
  expect(await pausedOf(world)).toBeNull();
});

test.each(GIDS)(
  "%s that is not there pauses the payouts, and its difference ends when it is there again",
  async (gid) => {
    const world = await given();
    const held = world.shopify.credits.get(gid);
    world.shopify.credits.delete(gid);
    await nextDay(world);
    expect(await differencesOf(world)).toMatchObject([{ kind: "credit_missing", subject: gid, state: "open" }]);
    expect(await pausedOf(world)).toBe(BROKEN);
    await nextDay(world);
    expect(await differencesOf(world)).toHaveLength(1);
    if (held !== undefined) world.shopify.credits.set(gid, held);
    await nextDay(world);
    expect(await differencesOf(world)).toMatchObject([{ state: "ended" }]);
    expect(await findingsOf(world)).toEqual([]);
  },
);

test("a gift card that was switched off or is worth something else is named, and a person may let it stand", async () => {
  const world = await given();
  const [, card] = GIDS;
  change(world, card, { isEnabled: false, amount: "9.00" });
  await nextDay(world);
  const [found] = await differencesOf(world);
  expect(found).toMatchObject({
    kind: "credit_changed",
    subject: card,
    detail: { form: "gift_card", fields: ["amount", "isEnabled"] },
  });
  const input = { shopId: world.shopId, differenceId: found?.id ?? "", actor: "7" };
  for (const choice of ["make_again", "withdraw"] as const)
    expect(await decideDifference(world, { ...input, choice })).toEqual({ outcome: "not_for_this" });
  expect(await decideDifference(world, { ...input, choice: "accept" })).toEqual({ outcome: "decided" });
  await nextDay(world);
  expect(await differencesOf(world)).toMatchObject([{ state: "accepted" }]);
});

test("what has ended is not compared, and its difference ends with it", async () => {
  const world = await given();
  const [credit] = GIDS;
  world.shopify.credits.delete(credit);
  await nextDay(world);
  world.clock.skip(90 * DAY_MS);
  await world.work();
  expect(await differencesOf(world)).toMatchObject([{ kind: "credit_missing", state: "ended" }]);
});

/** One run of the comparison, with an answer about credits that the test writes. */
async function compare(world: UseCases, creditsById: ShopAdmin["creditsById"]): Promise<WorkVerdict> {
  const own = world.admin.forShop(world.shopId, world.domain);
  const admin = { forShop: () => ({ ...own, creditsById }) };
  return compareDiscounts({ ...world, admin }, { ...(await world.outboxRow("discounts.compare")), payload: {} });
}

test("while Shopify does not say what it holds nothing is said to differ, and it is asked again", async () => {
  const world = await given();
  const throttled = () => Promise.resolve({ outcome: "throttled", retryAfterMs: 1_000 } as const);
  expect(await compare(world, throttled)).toMatchObject({ outcome: "again", reason: "throttled" });
  expect(await differencesOf(world)).toEqual([]);
});

test("a shop that took the scope of credits back is compared in all else", async () => {
  const world = await given();
  world.shopify.calls.length = 0;
  const refused = () => Promise.resolve({ outcome: "refused", code: "ACCESS_DENIED" } as const);
  expect(await compare(world, refused)).toMatchObject({ outcome: "again", reason: "standing_work" });
  expect(world.shopify.calls).toContain("orderStandings");
  expect(await differencesOf(world)).toEqual([]);
});

test("once a gift card is all that is left, the shop is asked for no store credit", async () => {
  const world = await given();
  world.clock.skip(90 * DAY_MS);
  const asked: string[] = [];
  await compare(world, (form, ids) => {
    asked.push(`${form} ${ids.join(" ")}`);
    return world.admin.forShop(world.shopId, world.domain).creditsById(form, ids);
  });
  expect(asked).toEqual([`gift_card ${GIDS[1]}`]);
});
