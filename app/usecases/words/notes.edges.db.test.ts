import { afterAll, expect, test } from "vitest";
import { askDraft, endDraft } from "#app/data/drafts.repo.ts";
import type { RewardRow } from "#app/data/rewards.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { wordSettings } from "#app/data/words.repo.ts";
import { newId } from "#app/platform/ids.ts";
import type { Profile } from "#app/platform/sealed-profile.ts";
import type { ShopAdmin } from "#app/usecases/ports.ts";
import type { SmsSender } from "#app/usecases/words-port.ts";
import { buildScriptedShopify } from "#test/builders/scripted-admin.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { findWay } from "./find-way.ts";
import { noteMessage } from "./note-message.ts";
import { saveSettings, saveWording } from "./save-words.ts";
import { thanksAsk, thanksFacts, thanksWords } from "./thanks-words.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const NO_SMS: SmsSender = { send: () => Promise.reject(new Error("nothing is sent here")) };
const SETTINGS = { language: "en", quietFrom: 21, quietTo: 8, teamMail: [] } as const;
const OWN = "We are so glad that you brought us a friend, and this is for you: {{reward}}. See you soon!";
const PHONE = { firstName: "Dan", email: null, phone: "+447700900123", locale: "en", customerId: "7001" };

async function wayOf(profile: Profile | null, sms: SmsSender | null, readCustomer?: ShopAdmin["readCustomer"]) {
  const world = await buildUseCases(db);
  const unasked = () => Promise.reject(new Error("Shopify is not asked about this customer"));
  const admin = buildScriptedShopify({ readCustomer: readCustomer ?? unasked });
  const way = await findWay({ ...world, admin, sms }, world.shop, profile);
  return { way, now: world.clock.now() };
}

test("who has no address is reached in no way without text messages, a phone, or a customer to ask about", async () => {
  const none = { outcome: "none" };
  expect((await wayOf(PHONE, null)).way, "no provider of text messages").toEqual(none);
  expect((await wayOf(null, NO_SMS)).way, "nobody known").toEqual(none);
  expect((await wayOf({ ...PHONE, phone: null }, NO_SMS)).way, "no phone").toEqual(none);
  const { customerId: _unknown, ...unnamed } = PHONE;
  expect((await wayOf(unnamed, NO_SMS)).way, "no customer whose yes Shopify could tell").toEqual(none);
});

test.each(["throttled", "unavailable"] as const)(
  "a text message waits five minutes while Shopify is %s and cannot say whether the customer said yes",
  async (outcome) => {
    const { way, now } = await wayOf(PHONE, NO_SMS, () => Promise.resolve({ outcome, retryAfterMs: 0 }));
    const until = new Date(now.getTime() + 5 * 60_000);
    expect(way).toEqual({ outcome: "later", until, reason: "consent_unknown" });
  },
);

function reward(changes: Partial<RewardRow>): RewardRow {
  return {
    id: newId(),
    kind: "earned",
    side: 1,
    status: "issued",
    unit: "GBP",
    exponent: 2,
    amount: 1_000n,
    form: "code",
    sends: 1,
    lastSentAt: null,
    code: "THANKS-DAN",
    expiresAt: new Date("2027-03-01T00:00:00Z"),
    personId: newId(),
    referralId: newId(),
    termsVersion: 1,
    otherPersonId: null,
    ...changes,
  };
}

/** Writes the mail of a reward for Dan, or for somebody whose profile is gone. */
async function mailOf(changes: Partial<RewardRow>, profile: Profile | null = { ...PHONE, email: "dan@mail.example" }) {
  const world = await buildUseCases(db);
  const deps = { keys: world.keys, mailFrom: "FreshBox <hello@freshbox.example>", appUrl: world.appUrl };
  const way = { outcome: "email", to: "dan@mail.example" } as const;
  return inShop(world.pools, world.shopId, async (tx) => {
    const of = { shop: world.shop, reward: reward(changes), profile, way, now: world.clock.now() };
    const message = await noteMessage(tx, deps, of);
    return message?.channel === "email" ? message.mail.text : message;
  });
}

test("a reward without its code or its last day is not whole, and nothing is written of it", async () => {
  expect(await mailOf({ code: null })).toBeNull();
  expect(await mailOf({ expiresAt: null })).toBeNull();
  expect(await mailOf({ form: "store_credit", code: null, expiresAt: null })).toBeNull();
  expect(await mailOf({ form: "store_credit", code: null })).toContain("£10 in store credit");
});

test("a reward from before its form was kept is told as the code that it is", async () => {
  const told = await mailOf({ form: null });
  expect(told).toContain("THANKS-DAN");
  expect(told).toContain("checkout");
});

test("a coupon is told by the terms, and nothing is written of one in a shop that has none", async () => {
  const world = await buildUseCases(db, { terms: { referrer: { kind: "percent", amount: "10" } } });
  const coupon = reward({ unit: "coupon", exponent: 0, amount: 1n, termsVersion: null });
  const deps = { keys: world.keys, mailFrom: "FreshBox <hello@freshbox.example>", appUrl: world.appUrl };
  const way = { outcome: "email", to: "dan@mail.example" } as const;
  const written = (shopId: string) => {
    const of = { shop: { ...world.shop, shopId }, reward: coupon, profile: null, way, now: world.clock.now() };
    return inShop(world.pools, shopId, (tx) => noteMessage(tx, deps, of));
  };
  expect(await written(world.shopId)).toMatchObject({ mail: { text: expect.stringContaining("10% off") } });
  expect(await written(newId())).toBeNull();
});

test("a mail greets by name who is known, and without one who is not", async () => {
  expect(await mailOf({})).toMatch(/^Hello Dan,\n/);
  expect(await mailOf({}, null)).toMatch(/^Hello,\n/);
});

/** Thanks for a paid referral for which the model wrote its words. */
async function buildThanked() {
  const world = await buildUseCases(db);
  const { shopId, pools, clock, keys, shop } = world;
  const earned = reward({});
  const draft = { shopId, kind: "thanks", subjectId: earned.referralId ?? "", now: clock.now() } as const;
  const result = {
    outcome: "written",
    model: "claude-haiku-4-5",
    words: { thanks_referrer: OWN.replace("We", "They") },
  } as const;
  await inShop(pools, shopId, async (tx) => {
    await askDraft(tx, { ...draft, id: newId() });
    await endDraft(tx, { ...draft, result });
  });
  const thanks = (changes: Partial<RewardRow> = {}) =>
    inShop(pools, shopId, async (tx: Tx) => {
      const of = { shop, reward: { ...earned, ...changes }, profile: null, settings: await wordSettings(tx, shopId) };
      const facts = await thanksFacts(tx, keys, of);
      if (facts === null) throw new Error("what it is worth is known");
      return thanksWords(tx, { ...of, now: clock.now() }, facts);
    });
  const set = (modelOn: boolean) => saveSettings(world, { shopId, settings: { ...SETTINGS, modelOn }, actor: "7001" });
  return { world, thanks, set };
}

test("thanks speak the model's words where it may write and was asked, else the merchant's, else the product's", async () => {
  const { world, thanks, set } = await buildThanked();
  await set(true);
  expect(await thanks()).toMatchObject({ source: "model:claude-haiku-4-5", text: expect.stringContaining("£10 off") });
  expect(await thanks({ kind: "goodwill" }), "given by hand").toMatchObject({ source: "template:en" });
  expect(await thanks({ referralId: null }), "of no referral").toMatchObject({ source: "template:en" });
  expect(await thanks({ referralId: newId() }), "of another referral").toMatchObject({ source: "template:en" });
  await set(false);
  expect(await thanks(), "switched off").toMatchObject({ source: "template:en" });
  const wording = { kind: "thanks_referrer", language: "en", body: OWN, actor: "7001" } as const;
  expect(await saveWording(world, { shopId: world.shopId, ...wording })).toEqual({ outcome: "saved" });
  expect(await thanks()).toEqual({ source: "edited:en", text: OWN.replace("{{reward}}", "£10 off") });
});

test("nothing is asked for the thanks of a referral that brought nobody anything", async () => {
  const { keys, pools, shop, shopId } = await buildUseCases(db);
  const ask = inShop(pools, shopId, (tx) => thanksAsk(tx, keys, { shop, referralId: newId() }));
  expect(await ask).toBeNull();
});
