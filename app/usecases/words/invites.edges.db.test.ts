import { afterAll, expect, test } from "vitest";
import { askDraft, readDraft } from "#app/data/drafts.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { noteTemplate } from "#app/domain/note/template.ts";
import { newId } from "#app/platform/ids.ts";
import { mintLink } from "#app/usecases/mint-link.ts";
import { retireCode } from "#app/usecases/retire-code.ts";
import type { WordsAnswer } from "#app/usecases/words-port.ts";
import { personOf } from "#test/builders/journeys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import { buildWords, GOOD_WORDS } from "#test/builders/words.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { customerInvite, REWRITES_A_DAY_MAX } from "./customer-invite.ts";
import { ensureDraft } from "./ensure-draft.ts";
import { saveSettings, saveWording } from "./save-words.ts";
import { writeInvite } from "./write-invite.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const DAN = "7001";
const SETTINGS = { language: "en", modelOn: true, quietFrom: 21, quietTo: 8, teamMail: [] } as const;
const WRITTEN = { outcome: "written", words: GOOD_WORDS, usage: { inputTokens: 700, outputTokens: 100 } } as const;

/** A shop with a model that answers as scripted; anybody may refer unless the terms say otherwise. */
async function buildWorld(answers: readonly WordsAnswer[] = [WRITTEN], whoMayRefer = "any_customer") {
  const world = await buildUseCases(db, { terms: { who_may_refer: whoMayRefer } });
  const { words, asked } = buildWords({ answers });
  const deps = { ...world, words, writesInvites: true };
  const ask = { shop: world.shop, customerId: DAN, channel: "copy", text: undefined } as const;
  const invite = (regenerate = false) => customerInvite(deps, { ...ask, regenerate });
  const draftOf = (subjectId: string) =>
    inShop(world.pools, world.shopId, (tx) =>
      readDraft(tx, { shopId: world.shopId, kind: "invite", subjectId }, world.clock.now()),
    );
  return { ...world, deps, words, asked, invite, draftOf };
}

/** The work of writing the invite of Dan's new link. */
async function mintedWork(world: Awaited<ReturnType<typeof buildWorld>>) {
  await mintLink(world.deps, { shop: world.shop, customerId: DAN, device: null });
  const row = await world.outboxRow("words.invite");
  return { row, codeId: String(row.payload["codeId"]) };
}

test("a customer who may not refer yet is told so instead of words", async () => {
  const world = await buildWorld([WRITTEN], "bought");
  expect(await world.invite(true)).toEqual({ outcome: "refused", reason: "buy_first" });
  expect(world.asked).toEqual([]);
});

test("a rewrite that the model fails at leaves the words that there were, and counts", async () => {
  const world = await buildWorld([WRITTEN, { outcome: "trouble", reason: "too_slow", mayHaveCost: false }]);
  const first = await world.invite(true);
  expect(first).toMatchObject({ source: "model", rewritesLeft: REWRITES_A_DAY_MAX - 1 });
  expect(await world.invite(true)).toEqual({ ...first, rewritesLeft: REWRITES_A_DAY_MAX - 2 });
  expect(world.asked).toHaveLength(2);
});

test("nothing is asked for a new link where the merchant has switched the model off", async () => {
  const world = await buildWorld();
  await saveSettings(world, { shopId: world.shopId, settings: { ...SETTINGS, modelOn: false }, actor: "7001" });
  const { row, codeId } = await mintedWork(world);
  expect(await writeInvite(world.deps, row)).toEqual({ outcome: "done" });
  expect(await world.draftOf(codeId)).toBeNull();
  expect(world.asked).toEqual([]);
});

test("nothing is written for a link that is retired, or that is not there", async () => {
  const world = await buildWorld();
  const { row } = await mintedWork(world);
  const personId = (await personOf(world, DAN)) ?? "";
  await retireCode(world, { shopId: world.shopId, personId, reason: "merchant", actor: "7001" });
  const unknown = { ...row, payload: { codeId: newId() } };
  for (const work of [row, unknown]) expect(await writeInvite(world.deps, work)).toEqual({ outcome: "done" });
  await world.words.background.idle();
  expect(world.asked).toEqual([]);
  expect(await world.query("SELECT FROM drafts")).toEqual([]);
});

test("of two that are about to ask the model for one link the later waits for the words of the other", async () => {
  const world = await buildWorld();
  const { shopId, clock } = world;
  const of = { shopId, kind: "invite", subjectId: newId() } as const;
  const step = await ensureDraft(world.deps, of, async () => {
    // The other notes that it asks while this one still finds out what to ask.
    await inShop(world.pools, shopId, (tx) => askDraft(tx, { ...of, id: newId(), now: clock.now() }));
    return { shopName: "FreshBox", voice: null, parts: [] };
  });
  expect(step).toEqual({ outcome: "wait", until: new Date(clock.now().getTime() + 250) });
  await world.words.background.idle();
  expect(world.asked).toEqual([]);
  expect(await world.draftOf(of.subjectId)).toMatchObject({ state: "asked" });
});

test("the product's own words are kept as no wording of the merchant's", async () => {
  const world = await buildWorld();
  const save = (body: string) =>
    saveWording(world, { shopId: world.shopId, kind: "invite", language: "en", body, actor: "7001" });
  expect(await save(GOOD_WORDS.invite)).toEqual({ outcome: "saved" });
  expect(await save(` ${noteTemplate("invite", true, "en")}\n`)).toEqual({ outcome: "reset" });
  expect(await world.query("SELECT FROM word_templates")).toEqual([]);
});
