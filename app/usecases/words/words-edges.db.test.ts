import { afterAll, expect, test } from "vitest";
import type { RewardRow } from "#app/data/rewards.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { wordSettings } from "#app/data/words.repo.ts";
import { newId } from "#app/platform/ids.ts";
import type { WordsAnswer, WordsAsk } from "#app/usecases/words-port.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import { buildWords, GOOD_WORDS } from "#test/builders/words.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { activeTermsOf } from "./active-terms.ts";
import { askModel } from "./ask-model.ts";
import { previewWords } from "./preview-words.ts";
import { resendNote } from "./resend-note.ts";
import { saveSettings, saveWording } from "./save-words.ts";
import { thanksFacts } from "./thanks-words.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const SETTINGS = { language: "en", modelOn: true, quietFrom: 21, quietTo: 8, teamMail: [] } as const;
const OWN = "We are so glad that you brought us {{name}}, and this is for you: {{reward}}. See you soon!";

async function preview(answers?: readonly WordsAnswer[]) {
  const world = await buildUseCases(db);
  const { words } = buildWords(answers === undefined ? {} : { answers });
  const ask = (deps: { words: typeof words | null }, shopId = world.shopId) =>
    previewWords({ ...world, ...deps }, { shopId, voice: "Warm", language: "en" });
  return { world, words, ask };
}

test("a preview shows the model's words, and says nothing of templates then", async () => {
  const { words, ask } = await preview();
  const shown = await ask({ words });
  expect(shown.reason).toBeNull();
  expect(shown.words.map(({ kind, source }) => [kind, source])).toEqual([
    ["invite", "model"],
    ["thanks_referrer", "model"],
    ["thanks_friend", "model"],
  ]);
  expect(shown.words[1]?.text).toContain("brought us Mara");
});

test("a preview without the model says why, and shows the merchant's own words before the product's", async () => {
  const { world, words, ask } = await preview([{ outcome: "trouble", reason: "too_slow", mayHaveCost: false }]);
  const own = { kind: "thanks_referrer", language: "en", body: OWN, actor: "7001" } as const;
  expect(await saveWording(world, { shopId: world.shopId, ...own })).toEqual({ outcome: "saved" });
  const without = await ask({ words: null });
  expect(without.reason).toBe("no_model");
  expect(without.words.map(({ source }) => source)).toEqual(["template:en", "edited", "template:en"]);
  expect((await ask({ words })).reason).toBe("too_slow");
  await saveSettings(world, { shopId: world.shopId, settings: { ...SETTINGS, modelOn: false }, actor: "7001" });
  expect((await ask({ words })).reason).toBe("switched_off");
});

test("nothing is shown or kept of a shop that is not there", async () => {
  const { world, ask } = await preview();
  const unknown = { code: "shop_unknown" };
  await expect(ask({ words: null }, newId())).rejects.toMatchObject(unknown);
  const wording = { kind: "invite", language: "en", body: null, actor: "7001" } as const;
  await expect(saveWording(world, { shopId: newId(), ...wording })).rejects.toMatchObject(unknown);
  const nowhere = newId();
  await expect(inShop(world.pools, nowhere, (tx) => activeTermsOf(tx, nowhere))).rejects.toMatchObject(unknown);
});

test("a wording is kept in one line when it passes the gate, refused with the reason when not, and given up for the product's", async () => {
  const world = await buildUseCases(db);
  const save = (body: string | null) =>
    saveWording(world, { shopId: world.shopId, kind: "thanks_referrer", language: "en", body, actor: "7001" });
  const kept = async () => (await world.query<{ body: string }>("SELECT body FROM word_templates"))[0]?.body ?? null;
  expect(await save(`  ${OWN.replace(" and", "\n and")} `)).toEqual({ outcome: "saved" });
  expect(await kept()).toBe(OWN);
  expect(await save("Visit evil.example now, all of you, it is for free and so are we.")).toEqual({
    outcome: "refused",
    reason: "url",
  });
  expect(await kept()).toBe(OWN);
  expect(await save(null)).toEqual({ outcome: "reset" });
  expect(await kept()).toBeNull();
});

test("ten addresses of a team are kept, each once, and eleven are refused", async () => {
  const world = await buildUseCases(db);
  const save = (teamMail: readonly string[]) =>
    saveSettings(world, { shopId: world.shopId, settings: { ...SETTINGS, teamMail: [...teamMail] }, actor: "7001" });
  const ten = Array.from({ length: 10 }, (_, n) => `team${n}@freshbox.example`);
  expect(await save([...ten, " team0@freshbox.example ", ""])).toEqual({ outcome: "saved" });
  expect(await save([...ten, "team10@freshbox.example"])).toEqual({
    outcome: "refused",
    reason: "too_many_addresses",
  });
});

test("a note that nobody can name is not sent again", async () => {
  const world = await buildUseCases(db);
  const send = (noteId: string) => resendNote(world, { shopId: world.shopId, noteId, actor: "7001" });
  for (const noteId of ["n1", newId()]) expect(await send(noteId)).toEqual({ outcome: "not_failed" });
  expect(await world.query("SELECT FROM outbox WHERE topic = 'note.send'")).toEqual([]);
});

async function asking(parts: WordsAsk["parts"], words: Partial<Record<string, string>>) {
  const world = await buildUseCases(db);
  const usage = { inputTokens: 1, outputTokens: 1 };
  const model = buildWords({ answers: [{ outcome: "written", words, usage }] });
  return askModel({ ...world, words: model.words }, world.shopId, { shopName: "FreshBox", voice: null, parts });
}

test("of a model's answer what passes is kept, and what it left out or may not say is left to the template", async () => {
  const parts = (["invite", "thanks_friend"] as const).map((kind) => ({
    kind,
    language: "en" as const,
    offer: "fixed" as const,
    name: null,
  }));
  const { invite } = GOOD_WORDS;
  expect(await asking(parts, { invite })).toMatchObject({ outcome: "written", words: { invite } });
  expect(await asking(parts, { invite: "Go to evil.example" })).toMatchObject({
    outcome: "templates",
    reason: "gate:too_short",
  });
  expect(await asking([], { invite })).toEqual({ outcome: "templates", reason: "gate:nothing_asked" });
});

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
    sends: 0,
    lastSentAt: null,
    code: "CODE",
    expiresAt: null,
    personId: newId(),
    referralId: newId(),
    termsVersion: 1,
    otherPersonId: null,
    ...changes,
  };
}

test("thanks tell a reward as it was given, and a coupon as its terms promised it, each side by its own", async () => {
  const percent = { kind: "percent", amount: "10" };
  const friend = { kind: "free_shipping", when: "after_first_order" };
  const world = await buildUseCases(db, { terms: { referrer: percent, friend } });
  const told = (changes: Partial<RewardRow>) =>
    inShop(world.pools, world.shopId, async (tx: Tx) => {
      const settings = await wordSettings(tx, world.shopId);
      const of = { shop: world.shop, reward: reward(changes), profile: null, settings };
      const facts = await thanksFacts(tx, world.keys, of);
      return facts === null ? null : [facts.reward, facts.offer, facts.otherName];
    });
  expect(await told({})).toEqual(["£10 off", "fixed", null]);
  expect(await told({ form: "gift_card" })).toEqual(["a gift card of £10", "gift_card", null]);
  expect(await told({ form: "store_credit", otherPersonId: newId() })).toMatchObject([
    "£10 in store credit",
    "store_credit",
    null,
  ]);
  const coupon = { unit: "coupon", exponent: 0, amount: 1n, termsVersion: 2 };
  expect(await told(coupon)).toEqual(["10% off", "percent", null]);
  expect(await told({ ...coupon, side: 2 })).toEqual(["free delivery", "free_shipping", null]);
  expect(await told({ ...coupon, termsVersion: null })).toEqual(["10% off", "percent", null]);
});

test("a coupon that no terms promise cannot be told", async () => {
  const world = await buildUseCases(db);
  const shop = { ...world.shop, shopId: newId() };
  const coupon = reward({ unit: "coupon", exponent: 0, amount: 1n, termsVersion: null });
  const facts = await inShop(world.pools, shop.shopId, async (tx) => {
    const settings = await wordSettings(tx, world.shopId);
    return thanksFacts(tx, world.keys, { shop, reward: coupon, profile: null, settings });
  });
  expect(facts).toBeNull();
});
