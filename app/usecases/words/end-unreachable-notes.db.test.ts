import { afterAll, expect, test } from "vitest";
import { keepProfiles } from "#app/data/people-of-many.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { sealPersonProfile } from "#app/platform/sealed-profile.ts";
import { TEST_APP } from "#test/builders/installed-shop.ts";
import { createNoteStage, DAN, scriptedMail } from "#test/builders/note-stage.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { startSimulator } from "#simulator/server.ts";
import { endUnreachableNotes } from "./end-unreachable-notes.ts";

const db = await createTestDatabase();
const simulator = await startSimulator({ port: 0, smtpPort: 0, ...TEST_APP });
afterAll(async () => {
  await simulator.close();
  await db.drop();
});

const { buildIssued, run, noteOf } = createNoteStage(db, simulator);
const NO_ADDRESS = { state: "failed", reason: "no_address" };

/** The rows of both sides' notes, in a shop that gave nobody's address. */
async function buildUnknown() {
  const { mail, given } = scriptedMail();
  const { deps, shopId, earned } = await buildIssued({ mail, known: false });
  const [dan, mara] = [earned.referrer.rewardId, earned.friend.rewardId];
  const rows = [dan, mara].map((rewardId) => ({
    shopId,
    id: `row-${rewardId}`,
    topic: "note.send",
    dedupeKey: `note:${rewardId}`,
    payload: { rewardId },
    attempts: 1,
    externalId: null,
  }));
  const know = (profile: typeof DAN | { firstName: null; email: null; phone: null; locale: null }) =>
    inShop(db.pools, shopId, (tx) =>
      keepProfiles(tx, shopId, new Map([[earned.referrer.personId, sealPersonProfile(deps.keys, shopId, profile)]])),
    );
  const end = () => endUnreachableNotes(deps, shopId, rows);
  return { deps, shopId, given, dan, mara, rows, know, end };
}

test("notes without anybody to go to are ended together, as their own runs would end them", async () => {
  const { dan, mara, rows, know, end, given } = await buildUnknown();
  await know({ firstName: null, email: null, phone: null, locale: null });
  const verdicts = await end();
  expect([...verdicts]).toEqual(rows.map(({ id }) => [id, { outcome: "done" }]));
  expect([await noteOf(dan), await noteOf(mara)]).toEqual([NO_ADDRESS, NO_ADDRESS]);
  expect(given).toEqual([]);
  expect(await end()).toEqual(new Map());
});

test("a note with an address is left to its own run, which sends it", async () => {
  const { deps, shopId, dan, mara, rows, know, end, given } = await buildUnknown();
  await know(DAN);
  expect([...(await end()).keys()]).toEqual([rows[1]?.id]);
  expect(await noteOf(dan)).toEqual({ state: "queued", reason: null });
  expect(await noteOf(mara)).toEqual(NO_ADDRESS);
  await run(deps, shopId, dan);
  expect(given.map(({ to }) => to)).toEqual(["dan@example.com"]);
});

test("a note that somebody is sending, or whose reward is gone, is left alone", async () => {
  const { dan, mara, end } = await buildUnknown();
  await db.ownerPool.query("UPDATE notes SET state = 'claimed', claimed_at = now() WHERE reward_id = $1", [dan]);
  await db.ownerPool.query(
    "UPDATE notes SET state = 'failed', reason = 'unsubscribed', ended_at = now() WHERE reward_id = $1",
    [mara],
  );
  expect(await end()).toEqual(new Map());
  expect(await noteOf(dan)).toMatchObject({ state: "claimed" });
  expect(await noteOf(mara)).toMatchObject({ reason: "unsubscribed" });
});

test("one note alone is left to its own run, and a row that names no reward to its own verdict", async () => {
  const { deps, shopId, dan, mara, rows } = await buildUnknown();
  expect(await endUnreachableNotes(deps, shopId, rows.slice(0, 1))).toEqual(new Map());
  expect(await noteOf(dan)).toEqual({ state: "queued", reason: null });
  const nameless = { shopId, id: "row-of-nobody", topic: "note.send", dedupeKey: "note:nobody", payload: {} };
  const verdicts = await endUnreachableNotes(deps, shopId, [
    { ...nameless, attempts: 1, externalId: null },
    ...rows.filter(({ payload }) => payload.rewardId === mara),
  ]);
  expect([...verdicts]).toEqual([[`row-${mara}`, { outcome: "done" }]]);
  expect(await noteOf(mara)).toEqual(NO_ADDRESS);
});
