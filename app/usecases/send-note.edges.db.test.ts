import { afterAll, expect, test } from "vitest";
import { keepProfiles } from "#app/data/people-of-many.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { newId } from "#app/platform/ids.ts";
import { sealPersonProfile } from "#app/platform/sealed-profile.ts";
import type { SmsSender } from "#app/usecases/words-port.ts";
import { buildCustomerAnswer } from "#test/builders/fake-shopify.ts";
import { TEST_APP } from "#test/builders/installed-shop.ts";
import { createNoteStage, DAN, scriptedMail } from "#test/builders/note-stage.ts";
import { buildWords } from "#test/builders/words.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { startSimulator } from "#simulator/server.ts";

const db = await createTestDatabase();
const simulator = await startSimulator({ port: 0, smtpPort: 0, ...TEST_APP });
afterAll(async () => {
  await simulator.close();
  await db.drop();
});

const { buildIssued, run, noteOf, codeOf } = createNoteStage(db, simulator);

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

const STOP_MAILS = "UPDATE people SET mails_stopped_at = now() WHERE id = $1";
const CLAIM = "UPDATE notes SET state = 'claimed', claimed_at = now() WHERE reward_id = $1";
const CANCEL = "UPDATE rewards SET status = 'cancelled' WHERE id = $1";

/** A note that goes by text message, and something that happens while Shopify is asked whether it may. */
async function textedWhile(happens: (ids: { rewardId: string; personId: string }) => Promise<unknown>) {
  const texts: string[] = [];
  const sms: SmsSender = { send: ({ text }) => Promise.resolve((texts.push(text), { outcome: "sent" as const })) };
  const { deps, shopId, earned } = await buildIssued({ known: false });
  const { rewardId, personId } = earned.referrer;
  const known = { ...DAN, email: null, phone: "+447700900123", customerId: "7001" };
  await inShop(db.pools, shopId, (tx) =>
    keepProfiles(tx, shopId, new Map([[personId, sealPersonProfile(deps.keys, shopId, known)]])),
  );
  const customer = { ...buildCustomerAnswer("7001"), phone: known.phone, smsConsent: true };
  const readCustomer = async () => {
    await happens({ rewardId, personId });
    return { outcome: "ok", customer } as const;
  };
  const admin = { forShop: () => ({ ...deps.admin.forShop(shopId, ""), readCustomer }) };
  const clock = { now: () => new Date("2026-11-20T12:00:00Z") };
  const verdict = await run({ ...deps, sms, admin, clock }, shopId, rewardId);
  return { verdict, texts, note: await noteOf(rewardId) };
}

test("a reward that was given by hand is told of at once: no model is asked for its words", async () => {
  const { mail, given } = scriptedMail();
  const { words, asked } = buildWords();
  const { deps, shopId, earned } = await buildIssued({ mail });
  const { rewardId } = earned.referrer;
  await tamper("UPDATE rewards SET kind = 'goodwill', case_id = $2 WHERE id = $1", [rewardId, newId()]);
  expect(await run({ ...deps, words }, shopId, rewardId)).toEqual({ outcome: "done" });
  expect(asked).toEqual([]);
  expect(given.map(({ to }) => to)).toEqual(["dan@example.com"]);
});

test("a reward whose note was never queued gets one when its turn comes, and it is sent once", async () => {
  const { mail, given } = scriptedMail();
  const { deps, shopId, earned } = await buildIssued({ mail });
  const { rewardId } = earned.referrer;
  await db.ownerPool.query("DELETE FROM notes WHERE reward_id = $1", [rewardId]);
  for (let turn = 0; turn < 2; turn += 1) expect(await run(deps, shopId, rewardId)).toEqual({ outcome: "done" });
  expect(given).toHaveLength(1);
  expect(given[0]?.text).toContain(await codeOf(rewardId));
  expect(await noteOf(rewardId)).toEqual({ state: "sent", reason: null });
});

test("somebody who asked for no more mails gets none, and the note says why", async () => {
  const { mail, given } = scriptedMail();
  const { deps, shopId, earned } = await buildIssued({ mail });
  const { rewardId, personId } = earned.referrer;
  await db.ownerPool.query(STOP_MAILS, [personId]);
  expect(await run(deps, shopId, rewardId)).toEqual({ outcome: "done" });
  expect(given).toEqual([]);
  expect(await noteOf(rewardId)).toEqual({ state: "failed", reason: "unsubscribed" });
});

test("somebody who asks for no more while Shopify is asked about them gets no message either", async () => {
  const stopped = await textedWhile(({ personId }) => db.ownerPool.query(STOP_MAILS, [personId]));
  expect(stopped).toEqual({
    verdict: { outcome: "done" },
    texts: [],
    note: { state: "failed", reason: "unsubscribed" },
  });
});

test("a reward that is withdrawn while Shopify is asked about its person is not announced", async () => {
  const withdrawn = await textedWhile(({ rewardId }) => db.ownerPool.query(CANCEL, [rewardId]));
  expect(withdrawn).toEqual({
    verdict: { outcome: "done" },
    texts: [],
    note: { state: "failed", reason: "reward_cancelled" },
  });
});

test("a note that another run takes while Shopify is asked about its person is left to that run", async () => {
  const taken = await textedWhile(({ rewardId }) => db.ownerPool.query(CLAIM, [rewardId]));
  expect(taken).toEqual({ verdict: { outcome: "done" }, texts: [], note: { state: "claimed", reason: null } });
});

test("a reward that nobody knows the end of is not announced, and the note says why", async () => {
  const { mail, given } = scriptedMail();
  const { deps, shopId, earned } = await buildIssued({ mail });
  const { rewardId } = earned.referrer;
  await tamper("UPDATE rewards SET expires_at = NULL WHERE id = $1", [rewardId]);
  expect(await run(deps, shopId, rewardId)).toEqual({ outcome: "done" });
  expect(given).toEqual([]);
  expect(await noteOf(rewardId)).toEqual({ state: "failed", reason: "reward_incomplete" });
});

test("a mail server that is busy at the eighth try is not asked a ninth time", async () => {
  const busy = { outcome: "refused", reason: "smtp_451", permanent: false } as const;
  const { mail, given } = scriptedMail(busy, busy);
  const { deps, shopId, earned } = await buildIssued({ mail });
  const { rewardId } = earned.referrer;
  expect(await run(deps, shopId, rewardId, 7)).toMatchObject({ outcome: "again", reason: "smtp_451" });
  expect(await run(deps, shopId, rewardId, 8)).toEqual({ outcome: "done" });
  expect(await noteOf(rewardId)).toEqual({ state: "failed", reason: "smtp_451" });
  expect(await run(deps, shopId, rewardId, 9)).toEqual({ outcome: "done" });
  expect(given).toHaveLength(2);
});
