import { afterAll, expect, test } from "vitest";
import { keepProfiles } from "#app/data/people-of-many.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { sealPersonProfile } from "#app/platform/sealed-profile.ts";
import { resendNote } from "#app/usecases/words/resend-note.ts";
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

test("both thanks come of one call of the model, with every fact put in by code", async () => {
  const { mail, given } = scriptedMail();
  const { words, asked } = buildWords();
  const { deps, shopId, earned } = await buildIssued({ mail });
  const writing = { ...deps, words };
  expect(await run(writing, shopId, earned.referrer.rewardId)).toMatchObject({
    outcome: "again",
    reason: "being_written",
  });
  await words.background.idle();
  for (const side of [earned.referrer, earned.friend])
    expect(await run(writing, shopId, side.rewardId, 2)).toEqual({ outcome: "done" });
  expect(asked).toHaveLength(1);
  expect(asked[0]?.parts.map(({ kind, name }) => [kind, name])).toEqual([
    ["thanks_referrer", "Mara"],
    ["thanks_friend", "Dan"],
  ]);
  expect(given[0]?.text).toContain("What a joy that you brought us Mara! This is for you, with our thanks: £10 off.");
  expect(given[0]?.text).toContain(await codeOf(earned.referrer.rewardId));
  const { rows } = await db.ownerPool.query("SELECT DISTINCT source FROM notes WHERE shop_id = $1", [shopId]);
  expect(rows).toEqual([{ source: "model:claude-haiku-4-5" }]);
});

test("with the model in trouble the thanks go out with the template, and the reward was given before", async () => {
  const { mail, given } = scriptedMail();
  const { words } = buildWords({ answers: [{ outcome: "trouble", reason: "too_slow", mayHaveCost: true }] });
  const { deps, shopId, earned } = await buildIssued({ mail });
  const { rows } = await db.ownerPool.query("SELECT status FROM rewards WHERE id = $1", [earned.referrer.rewardId]);
  expect(rows).toEqual([{ status: "issued" }]);
  await run({ ...deps, words }, shopId, earned.referrer.rewardId);
  await words.background.idle();
  expect(await run({ ...deps, words }, shopId, earned.referrer.rewardId, 2)).toEqual({ outcome: "done" });
  expect(given[0]?.text).toContain("Thank you for bringing Mara to us");
});

test("a friend whose welcome discount is used up is thanked for it", async () => {
  const { mail, given } = scriptedMail();
  const { deps, shopId, earned } = await buildIssued({ mail });
  const { rewardId } = earned.friend;
  await db.ownerPool.query("ALTER TABLE rewards DISABLE TRIGGER ALL");
  await db.ownerPool.query(
    `UPDATE rewards SET kind = 'welcome', status = 'redeemed', remaining = 0, funding_id = NULL, account_id = NULL WHERE id = $1`,
    [rewardId],
  );
  await db.ownerPool.query("ALTER TABLE rewards ENABLE TRIGGER ALL");
  expect(await run(deps, shopId, rewardId)).toEqual({ outcome: "done" });
  expect(given[0]?.text).toContain("Dan sent you to us, which brought you");
  expect(given[0]?.text).not.toContain(await codeOf(rewardId));
});

test("who has no address but a phone, and said yes to it, gets a text message in the day and not at night", async () => {
  const texts: { to: string; text: string }[] = [];
  const sms: SmsSender = { send: (message) => Promise.resolve((texts.push(message), { outcome: "sent" as const })) };
  const { deps, shopId, earned } = await buildIssued({ known: false });
  const { rewardId, personId } = earned.referrer;
  const phone = "+447700900123";
  const known = { ...DAN, email: null, phone, customerId: "7001" };
  await inShop(db.pools, shopId, (tx) =>
    keepProfiles(tx, shopId, new Map([[personId, sealPersonProfile(deps.keys, shopId, known)]])),
  );
  const customer = { ...buildCustomerAnswer("7001"), phone, smsConsent: true };
  const admin = {
    forShop: () => ({
      ...deps.admin.forShop(shopId, ""),
      readCustomer: async () => ({ outcome: "ok", customer }) as const,
    }),
  };
  const at = (hour: string) => ({ ...deps, sms, admin, clock: { now: () => new Date(`2026-11-20T${hour}:00:00Z`) } });
  expect(await run(at("23"), shopId, rewardId)).toMatchObject({ outcome: "again", reason: "quiet_hours" });
  expect(texts).toEqual([]);
  expect(await run(at("12"), shopId, rewardId)).toEqual({ outcome: "done" });
  expect(await run(at("12"), shopId, rewardId)).toEqual({ outcome: "done" });
  expect(texts).toHaveLength(1);
  expect(texts[0]?.to).toBe(phone);
  expect(texts[0]?.text).toContain(await codeOf(rewardId));
});

test("a phone without a yes to text messages is not written to", async () => {
  const sms: SmsSender = { send: () => Promise.reject(new Error("nobody said yes")) };
  const { deps, shopId, earned } = await buildIssued({ known: false });
  const { rewardId, personId } = earned.referrer;
  const known = { ...DAN, email: null, phone: "+447700900123", customerId: "7001" };
  await inShop(db.pools, shopId, (tx) =>
    keepProfiles(tx, shopId, new Map([[personId, sealPersonProfile(deps.keys, shopId, known)]])),
  );
  const customer = { ...buildCustomerAnswer("7001"), smsConsent: false };
  const admin = {
    forShop: () => ({
      ...deps.admin.forShop(shopId, ""),
      readCustomer: async () => ({ outcome: "ok", customer }) as const,
    }),
  };
  expect(await run({ ...deps, sms, admin }, shopId, rewardId)).toEqual({ outcome: "done" });
  expect(await noteOf(rewardId)).toEqual({ state: "failed", reason: "no_address" });
});

test("a bounced address is shown as failed and can be sent again; what is unknown cannot", async () => {
  const bounced = { outcome: "refused", reason: "smtp_550", permanent: true } as const;
  const { mail, given } = scriptedMail(bounced, { outcome: "unknown" });
  const { deps, shopId, earned } = await buildIssued({ mail });
  const { rewardId } = earned.referrer;
  const { rewardId: other } = earned.friend;
  await run(deps, shopId, rewardId);
  await run(deps, shopId, other);
  const noteIdOf = async (of: string) =>
    (await db.ownerPool.query<{ id: string }>("SELECT id FROM notes WHERE reward_id = $1", [of])).rows[0]?.id ?? "";
  const again = { ...deps, ringOutbox: () => undefined };
  const resend = async (of: string) => resendNote(again, { shopId, noteId: await noteIdOf(of), actor: "7001" });
  expect(await resend(other)).toEqual({ outcome: "not_failed" });
  expect(await resend(rewardId)).toEqual({ outcome: "queued" });
  expect(await resend(rewardId)).toEqual({ outcome: "not_failed" });
  await run(deps, shopId, rewardId);
  await run(deps, shopId, other);
  expect(given).toHaveLength(3);
  expect(await noteOf(rewardId)).toEqual({ state: "sent", reason: null });
  expect(await noteOf(other)).toEqual({ state: "unknown", reason: "no_answer" });
});
