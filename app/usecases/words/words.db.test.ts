import { afterAll, expect, test } from "vitest";
import { readDraft } from "#app/data/drafts.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { saveWordSettings, saveWordTemplate } from "#app/data/words.repo.ts";
import { mintLink } from "#app/usecases/mint-link.ts";
import type { WordsAnswer } from "#app/usecases/words-port.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import { buildWords, GOOD_WORDS } from "#test/builders/words.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { askModel } from "./ask-model.ts";
import { customerInvite, REWRITES_A_DAY_MAX } from "./customer-invite.ts";
import type { CustomerInviteInput } from "./customer-invite.ts";
import { writeInvite } from "./write-invite.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const DAN = "7001";
const DAY_MS = 86_400_000;
const SETTINGS = { language: "en", modelOn: true, quietFrom: 21, quietTo: 8, teamMail: [] } as const;
const ASK = {
  shopName: "FreshBox",
  voice: null,
  parts: [{ kind: "invite", language: "en", offer: "fixed", name: null }],
} as const;

/** A shop where anybody may refer, and a model that answers as scripted. */
async function buildWorld(options: Parameters<typeof buildWords>[0] = {}) {
  const world = await buildUseCases(db, { terms: { who_may_refer: "any_customer", voice: "Warm and plain" } });
  const { words, asked } = buildWords(options);
  const deps = { ...world, words, writesInvites: true };
  const invite = (change: Partial<CustomerInviteInput> = {}) =>
    customerInvite(deps, {
      shop: world.shop,
      customerId: DAN,
      channel: "copy",
      regenerate: false,
      text: undefined,
      ...change,
    });
  /** Mints a link and has its invite written, as the outbox does. */
  async function mintAndWrite() {
    const minted = await mintLink(deps, { shop: world.shop, customerId: DAN, device: null });
    if (minted.outcome === "refused") throw new Error(minted.reason);
    const row = await world.outboxRow("words.invite");
    const first = await writeInvite(deps, row);
    await words.background.idle();
    return { minted, first, second: await writeInvite(deps, { ...row, attempts: 2 }), row };
  }
  return { ...world, deps, asked, invite, mintAndWrite };
}

function trouble(reason: Extract<WordsAnswer, { outcome: "trouble" }>["reason"], mayHaveCost = false): WordsAnswer {
  return { outcome: "trouble", reason, mayHaveCost };
}

async function spendOf(shopId: string): Promise<unknown> {
  const { rows } = await db.ownerPool.query<{ calls: number; cost: string }>(
    "SELECT calls, cost_micros::text AS cost FROM model_spend WHERE shop_id = $1",
    [shopId],
  );
  return rows[0];
}

test("a link comes at once with the template, and with the model's words when they are written", async () => {
  const world = await buildWorld();
  const { minted, first, second } = await world.mintAndWrite();
  expect(minted.invite).toContain("I buy from this shop and like it.");
  expect(first).toMatchObject({ outcome: "again", reason: "being_written" });
  expect(second).toEqual({ outcome: "done" });
  const later = await mintLink(world.deps, { shop: world.shop, customerId: DAN, device: null });
  expect(later).toMatchObject({ outcome: "existing", invite: expect.stringContaining("I get my bread from") });
  expect(await world.invite()).toMatchObject({ source: "model", rewritesLeft: REWRITES_A_DAY_MAX });
  expect(await world.invite({ channel: "sms" })).toMatchObject({
    invite: expect.stringContaining("my favourite shop"),
  });
});

test("the model is asked once for a link, for both lengths, with the voice and without an amount", async () => {
  const world = await buildWorld();
  const { row } = await world.mintAndWrite();
  await writeInvite(world.deps, row);
  expect(world.asked).toHaveLength(1);
  expect(world.asked[0]).toMatchObject({ voice: "Warm and plain" });
  expect(world.asked[0]?.parts.map((part) => part.kind)).toEqual(["invite", "invite_short"]);
  expect(JSON.stringify(world.asked[0])).not.toMatch(/£|\b10\b|a\/r\//);
});

test.each([
  ["two links", "This is the shop I like so much, and here it is: {{link}} and {{link}}"],
  ["a mangled link", "This is the shop I like so much, and here it is for you: {{link}"],
  ["another domain", "This is the shop I like so much, it is at evil.example for you: {{link}}"],
  ["HTML", "This is the shop I like so much, <b>really</b> so much, for you: {{link}}"],
  ["an amount", "This is the shop I like so much, you get £500 off with it for you: {{link}}"],
  ["a phone number", "This is the shop I like so much, call 020 7946 0000 for it: {{link}}"],
  ["the wrong language", "Das ist der Laden, den ich so mag, und hier ist er für dich: {{link}}"],
  ["2,000 characters", `${"This is the shop I like so much. ".repeat(62)}{{link}}`],
  ["nothing", ""],
])("a draft with %s leaves the template in its place", async (_what, draft) => {
  const usage = { inputTokens: 700, outputTokens: 100 };
  const world = await buildWorld({
    answers: [{ outcome: "written", words: { invite: draft, invite_short: draft }, usage }],
  });
  await world.mintAndWrite();
  expect(await world.invite()).toMatchObject({
    source: "template",
    invite: expect.stringContaining("I buy from this shop and like it."),
  });
  expect(await spendOf(world.shopId)).toEqual({ calls: 1, cost: "1200" });
});

test.each(["busy", "unavailable", "too_slow", "key_refused", "unreachable", "resting"] as const)(
  "with the model %s the customer has a correct invite",
  async (reason) => {
    const world = await buildWorld({ answers: [trouble(reason)] });
    const { second } = await world.mintAndWrite();
    expect(second).toEqual({ outcome: "done" });
    const invite = await world.invite();
    expect(invite).toMatchObject({ source: "template" });
    expect(invite.outcome === "invite" && invite.invite.split(invite.link)).toHaveLength(2);
  },
);

test("without a model nothing is queued, and nothing can be written anew", async () => {
  const world = await buildUseCases(db, { terms: { who_may_refer: "any_customer" } });
  const deps = { ...world, words: null };
  const result = await customerInvite(deps, {
    shop: world.shop,
    customerId: DAN,
    channel: "copy",
    regenerate: true,
    text: undefined,
  });
  expect(result).toMatchObject({ outcome: "invite", source: "template", rewritesLeft: 0 });
  expect(await world.query("SELECT 1 FROM outbox WHERE topic = 'words.invite'")).toEqual([]);
});

test("a merchant who switches the model off is not written for, and what was written before is not used", async () => {
  const world = await buildWorld();
  await world.mintAndWrite();
  await inShop(world.pools, world.shopId, (tx) =>
    saveWordSettings(tx, world.shopId, { ...SETTINGS, modelOn: false }, world.clock.now()),
  );
  expect(await world.invite({ regenerate: true })).toMatchObject({ source: "template", rewritesLeft: 0 });
  expect(world.asked).toHaveLength(1);
});

test("the merchant's own wording stands in for the product's, and passes the gate each time", async () => {
  const world = await buildWorld({ answers: [trouble("busy")] });
  const wording = { shopId: world.shopId, kind: "invite", language: "en", now: world.clock.now() } as const;
  const save = (body: string) => inShop(world.pools, world.shopId, (tx) => saveWordTemplate(tx, { ...wording, body }));
  await save("You are going to love this shop, and with my link you get {{reward}}: {{link}}");
  expect(await world.invite()).toMatchObject({ source: "edited", invite: expect.stringContaining("love this shop") });
  await save("You are going to love evil.example, and with my link you get {{reward}}: {{link}}");
  expect(await world.invite()).toMatchObject({ source: "template" });
});

test("a customer has their words written anew five times a day, and no more", async () => {
  const world = await buildWorld();
  for (let round = 1; round <= REWRITES_A_DAY_MAX; round += 1)
    expect(await world.invite({ regenerate: true })).toMatchObject({ rewritesLeft: REWRITES_A_DAY_MAX - round });
  expect(await world.invite({ regenerate: true })).toEqual({ outcome: "no_rewrites_left" });
  expect(world.asked).toHaveLength(REWRITES_A_DAY_MAX);
  world.clock.skip(DAY_MS);
  expect(await world.invite({ regenerate: true })).toMatchObject({ rewritesLeft: REWRITES_A_DAY_MAX - 1 });
});

test("twenty asks for other words at once are five calls", async () => {
  const world = await buildWorld();
  await world.invite();
  const results = await Promise.all(Array.from({ length: 20 }, () => world.invite({ regenerate: true })));
  expect(results.filter(({ outcome }) => outcome === "invite")).toHaveLength(REWRITES_A_DAY_MAX);
  expect(world.asked).toHaveLength(REWRITES_A_DAY_MAX);
});

test("a customer's own words are kept with the link put back in by code, until they are taken back", async () => {
  const world = await buildWorld();
  const shown = await world.invite();
  if (shown.outcome !== "invite") throw new Error("no invite");
  const text = `It is me. You know how\n much I like this shop, and you get £10 off: ${shown.link}`;
  expect(await world.invite({ text })).toMatchObject({ source: "own", invite: text.replace("\n ", " ") });
  expect(await world.invite({ channel: "sms" }), "as a text message too").toMatchObject({ source: "own" });
  const long = `${"It is me, and I like this shop, all that it has and everybody who works in it. ".repeat(3)}${shown.link}`;
  expect(await world.invite({ text: long })).toMatchObject({ source: "own" });
  expect(await world.invite({ channel: "sms" }), "not what is too long for one").toMatchObject({ source: "template" });
  await world.invite({ text });
  expect(await world.query("SELECT own_words ->> 'invite' AS words FROM drafts")).toEqual([
    { words: "It is me. You know how much I like this shop, and you get {{reward}}: {{link}}" },
  ]);
  expect(await world.invite({ text: null })).toMatchObject({ source: "template" });
});

test.each([
  ["link_not_once", "It is me. You know how much I like this shop and all that it has."],
  ["number", "It is me. You know how much I like this shop, you get £50 off: LINK"],
  ["url", "It is me. You know how much I like this shop, see evil.example: LINK"],
  ["link_not_apart", "It is me. You know how much I like this shop and all of it: LINK/evil"],
  ["markup", "It is me. You know how much I <i>like</i> this shop and all of it: LINK"],
])("a customer's own words are refused for %s, and what there was stays", async (reason, words) => {
  const world = await buildWorld();
  const shown = await world.invite();
  if (shown.outcome !== "invite") throw new Error("no invite");
  expect(await world.invite({ text: words.replace("LINK", shown.link) })).toEqual({ outcome: "words_refused", reason });
  expect(await world.invite()).toEqual(shown);
});

test("the month's budget is never passed, not by twenty calls at once", async () => {
  const world = await buildWorld({ budgetMicros: 36_000n });
  const results = await Promise.all(Array.from({ length: 20 }, () => askModel(world.deps, world.shopId, ASK)));
  expect(results.filter(({ outcome }) => outcome === "written").length).toBeLessThanOrEqual(36_000 / 1_200);
  expect(results).toContainEqual({ outcome: "templates", reason: "budget" });
  const { rows } = await db.ownerPool.query<{ cost: string }>(
    "SELECT cost_micros::text AS cost FROM model_spend WHERE shop_id = $1",
    [world.shopId],
  );
  expect(Number(rows[0]?.cost)).toBeLessThanOrEqual(36_000);
});

test("a call that nobody knows the cost of counts at its dearest, and a new month begins at nothing", async () => {
  const world = await buildWorld({ answers: [trouble("too_slow", true)], budgetMicros: 12_000n });
  expect(await askModel(world.deps, world.shopId, ASK)).toEqual({ outcome: "templates", reason: "too_slow" });
  expect(await spendOf(world.shopId)).toEqual({ calls: 1, cost: "12000" });
  expect(await askModel(world.deps, world.shopId, ASK)).toEqual({ outcome: "templates", reason: "budget" });
  world.clock.skip(31 * DAY_MS);
  expect(await askModel(world.deps, world.shopId, ASK)).toEqual({ outcome: "templates", reason: "too_slow" });
});

test("a call that was lost with its process is not made again: the templates speak", async () => {
  const world = await buildWorld();
  await mintLink(world.deps, { shop: world.shop, customerId: DAN, device: null });
  const row = await world.outboxRow("words.invite");
  const dead = {
    ...world.deps,
    words: { ...world.deps.words, background: { begin: () => true, idle: () => Promise.resolve() } },
  };
  expect(await writeInvite(dead, row)).toMatchObject({ outcome: "again" });
  expect(await writeInvite(world.deps, { ...row, attempts: 2 })).toMatchObject({ outcome: "again" });
  world.clock.skip(11_000);
  expect(await writeInvite(world.deps, { ...row, attempts: 3 })).toEqual({ outcome: "done" });
  expect(world.asked).toEqual([]);
  const subjectId = String(row.payload["codeId"]);
  const draft = await inShop(world.pools, world.shopId, (tx) =>
    readDraft(tx, { shopId: world.shopId, kind: "invite", subjectId }, world.clock.now()),
  );
  expect(draft).toMatchObject({ state: "templates", reason: "lost" });
});

test("more than may be under way in a process leaves the templates speaking, and no row waiting", async () => {
  const world = await buildWorld();
  await mintLink(world.deps, { shop: world.shop, customerId: DAN, device: null });
  const full = { ...world.deps.words, background: { begin: () => false, idle: () => Promise.resolve() } };
  expect(await writeInvite({ ...world.deps, words: full }, await world.outboxRow("words.invite"))).toEqual({
    outcome: "done",
  });
  expect(await world.invite()).toMatchObject({ source: "template" });
});

test("what passes the gate of one kind is kept when the other does not", async () => {
  const usage = { inputTokens: 700, outputTokens: 100 };
  const words = { invite: GOOD_WORDS.invite, invite_short: "See evil.example" };
  const world = await buildWorld({ answers: [{ outcome: "written", words, usage }] });
  await world.mintAndWrite();
  expect(await world.invite()).toMatchObject({ source: "model" });
  expect(await world.invite({ channel: "sms" })).toMatchObject({ source: "template" });
});
