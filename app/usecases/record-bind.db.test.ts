import { afterAll, expect, test } from "vitest";
import { shopIdFor } from "#app/platform/ids.ts";
import { buildCustomerAnswer } from "#test/builders/fake-shopify.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import {
  attributionsOf,
  bind,
  buy,
  DAN,
  EVE,
  findingsOf,
  HOUR_MS,
  MARA,
  mintCode,
  onlyReferral,
  personOf,
  referralsOf,
  tap,
  WINDOW_MS,
} from "#test/builders/journeys.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { bindCustomer } from "./bind-customer.ts";
import { retireCode } from "./retire-code.ts";
import { saveTerms } from "./save-terms.ts";

const db = await createTestDatabase();
afterAll(db.drop);

test("a bind opens the referral of the click that it brings, with a pending for each side", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  const tappedAt = world.clock.now().getTime();
  const token = tap(world, code);
  world.clock.skip(HOUR_MS);
  await bind(world, MARA, [token]);
  const referral = await onlyReferral(world);
  expect(referral).toMatchObject({ state: "PENDING", code, expiresAt: new Date(tappedAt + WINDOW_MS) });
  expect(referral.friend).toBe(await personOf(world, MARA));
  expect(referral.referrer).toBe(await personOf(world, DAN));
  const pendings = await world.query("SELECT side, amount, unit FROM ledger_transfers WHERE kind = 1 ORDER BY side");
  expect(pendings).toEqual([
    { side: 1, amount: 1_000n, unit: "GBP" },
    { side: 2, amount: 1_000n, unit: "GBP" },
  ]);
  expect(await findingsOf(world)).toEqual([]);
});

test("the newest click wins, whichever was handed over first, and the older one is told as a loser", async () => {
  const world = await buildUseCases(db);
  const [first, second] = [await mintCode(world), await mintCode(world, EVE)];
  const older = tap(world, first);
  world.clock.skip(HOUR_MS);
  const newer = tap(world, second);
  world.clock.skip(HOUR_MS);
  await bind(world, MARA, [older, newer]);
  expect(await onlyReferral(world)).toMatchObject({ code: second });
  const [weighed] = await attributionsOf(world);
  expect(weighed?.losers.map(({ reason }) => reason)).toEqual(["older_click"]);
});

test("once a referral is open its referrer is fixed: a later click of somebody else loses", async () => {
  const world = await buildUseCases(db);
  const [first, second] = [await mintCode(world), await mintCode(world, EVE)];
  await bind(world, MARA, [tap(world, first)]);
  world.clock.skip(HOUR_MS);
  await bind(world, MARA, [tap(world, second)]);
  expect(await onlyReferral(world)).toMatchObject({ code: first });
  expect((await attributionsOf(world)).at(-1)).toMatchObject({ reason: "already_referred" });
});

test("of two clicks in the same millisecond the stronger carrier wins", async () => {
  const world = await buildUseCases(db);
  const [first, second] = [await mintCode(world), await mintCode(world, EVE)];
  const at = world.clock.now().getTime();
  const [weak, strong] = [tap(world, first, { at }), tap(world, second, { at })];
  world.clock.skip(HOUR_MS);
  await buy(world, { orderId: "5001", tokens: { cartAttribute: [strong], landingSite: [weak] } });
  expect(await onlyReferral(world)).toMatchObject({ code: second, order: "5001" });
});

test("the same tokens handed over again are the same row, and open nothing more", async () => {
  const world = await buildUseCases(db);
  const token = tap(world, await mintCode(world));
  await bind(world, MARA, [token]);
  await bind(world, MARA, [token]);
  expect(await referralsOf(world)).toHaveLength(1);
  expect(await world.query("SELECT FROM inbox WHERE topic = 'goodword/bind'")).toHaveLength(1);
});

test("a click counts in the last millisecond of its window and not in the one after", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  const token = tap(world, code);
  const sameTap = tap(world, code);
  world.clock.skip(WINDOW_MS);
  await bind(world, MARA, [token]);
  expect(await referralsOf(world)).toHaveLength(1);
  world.clock.skip(1);
  await bind(world, EVE, [sameTap]);
  expect(await referralsOf(world)).toHaveLength(1);
  expect((await attributionsOf(world)).at(-1)).toMatchObject({ reason: "expired" });
});

test("a code retired for abuse spoils its earlier clicks; one that its owner left spoils only later ones", async () => {
  const world = await buildUseCases(db);
  const [abused, left] = [await mintCode(world), await mintCode(world, EVE)];
  const [beforeAbuse, beforeLeaving] = [tap(world, abused), tap(world, left)];
  world.clock.skip(HOUR_MS);
  const retire = async (customerId: string, reason: "abuse" | "merchant") =>
    retireCode(world, {
      shopId: world.shopId,
      personId: (await personOf(world, customerId)) ?? "",
      reason,
      actor: "test",
    });
  await retire(DAN, "abuse");
  await retire(EVE, "merchant");
  world.clock.skip(HOUR_MS);
  await bind(world, MARA, [beforeAbuse]);
  expect((await attributionsOf(world)).at(-1)).toMatchObject({ reason: "retired_code" });
  await bind(world, "7010", [tap(world, left)]);
  expect((await attributionsOf(world)).at(-1)).toMatchObject({ reason: "retired_code" });
  expect(await referralsOf(world)).toEqual([]);
  await bind(world, "7011", [beforeLeaving]);
  expect(await onlyReferral(world)).toMatchObject({ code: left });
});

test("nobody refers themselves", async () => {
  const world = await buildUseCases(db);
  await bind(world, DAN, [tap(world, await mintCode(world))]);
  expect(await referralsOf(world)).toEqual([]);
  expect(await attributionsOf(world)).toMatchObject([{ reason: "self_click" }]);
});

test("somebody who bought before the click is no new customer", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  await buy(world, { orderId: "4001" });
  world.clock.skip(HOUR_MS);
  await bind(world, MARA, [tap(world, code)]);
  expect(await referralsOf(world)).toEqual([]);
  expect((await attributionsOf(world)).at(-1)).toMatchObject({ reason: "existing_customer" });
});

test("an edited token, another shop's and a stranger's count for nothing and leave nothing", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  const genuine = tap(world, code);
  const edited = `${genuine.slice(0, 60)}${genuine[60] === "A" ? "B" : "A"}${genuine.slice(61)}`;
  const another = tap(world, code, { shopId: shopIdFor("another.myshopify.com") });
  const stranger = tap(await buildUseCases(db), code, { shopId: world.shopId });
  await bind(world, MARA, [edited, another, stranger, "no token at all", ""]);
  expect(await referralsOf(world)).toEqual([]);
  expect(await attributionsOf(world)).toEqual([]);
});

test("a decoy, the token of an unknown code, is told as no_token", async () => {
  const world = await buildUseCases(db);
  await bind(world, MARA, [tap(world, "ZZZZZ")]);
  expect(await referralsOf(world)).toEqual([]);
  expect(await attributionsOf(world)).toMatchObject([{ reason: "no_token" }]);
});

test("a flagged click does not count", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  await bind(world, MARA, [tap(world, code, { flags: 1 })]);
  await bind(world, EVE, [tap(world, code, { flags: 2 })]);
  expect(await referralsOf(world)).toEqual([]);
  expect((await attributionsOf(world)).map(({ reason }) => reason)).toEqual(["bot", "forced"]);
});

test("of five hundred tokens the first five are weighed", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  const tokens = Array.from({ length: 500 }, (_, i) => tap(world, code, { at: world.clock.now().getTime() - i }));
  await bind(world, MARA, tokens);
  expect(await onlyReferral(world)).toMatchObject({ code });
  const [weighed] = await attributionsOf(world);
  expect(weighed?.losers).toHaveLength(4);
});

test("a token that is none does not take a genuine one beside it along", async () => {
  const world = await buildUseCases(db);
  const token = tap(world, await mintCode(world));
  await bind(world, MARA, ["x".repeat(4_000), token]);
  expect(await referralsOf(world)).toHaveLength(1);
});

test("bindCustomer says so when there is nothing to bind", async () => {
  const world = await buildUseCases(db);
  const input = { shop: world.shop, customerId: MARA, tokens: [], device: null };
  expect(await bindCustomer(world, input)).toEqual({ outcome: "nothing_to_bind" });
  expect(await world.query("SELECT FROM inbox")).toEqual([]);
});

test("nothing opens while the programme is paused, or from a click outside the campaign", async () => {
  const world = await buildUseCases(db, { terms: { campaign_end: "2026-12-01T00:00:00Z" } });
  const code = await mintCode(world);
  world.clock.set(Date.parse("2026-12-02T00:00:00Z"));
  await bind(world, MARA, [tap(world, code)]);
  world.clock.set(Date.parse("2026-11-25T00:00:00Z"));
  await saveTerms(world, { shopId: world.shopId, patch: { paused: true }, actor: "test" });
  await bind(world, EVE, [tap(world, code)]);
  expect(await referralsOf(world)).toEqual([]);
  expect((await attributionsOf(world)).map(({ reason }) => reason)).toEqual(["campaign_closed", "campaign_closed"]);
});

test("twenty binds of one friend at once open one referral", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  world.shopify.customers.set(MARA, buildCustomerAnswer(MARA));
  await Promise.all(
    Array.from({ length: 20 }, () =>
      bindCustomer(world, { shop: world.shop, customerId: MARA, tokens: [tap(world, code)], device: null }),
    ),
  );
  await Promise.all(Array.from({ length: 5 }, () => world.work()));
  expect(await referralsOf(world)).toHaveLength(1);
  expect(await findingsOf(world)).toEqual([]);
});
