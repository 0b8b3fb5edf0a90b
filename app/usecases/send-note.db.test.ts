import { afterAll, expect, test } from "vitest";
import { keepProfiles } from "#app/data/people-of-many.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { sealPersonProfile } from "#app/platform/sealed-profile.ts";
import { openUnsubscribeToken } from "#app/usecases/unsubscribe-token.ts";
import { buildCreditShop, fulfilToEnd, rewardRows } from "#test/builders/credit-shops.ts";
import { TEST_APP } from "#test/builders/installed-shop.ts";
import { createNoteStage, DAN, MARA, scriptedMail } from "#test/builders/note-stage.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { startSimulator } from "#simulator/server.ts";

const db = await createTestDatabase();
const simulator = await startSimulator({ port: 0, smtpPort: 0, ...TEST_APP });
afterAll(async () => {
  await simulator.close();
  await db.drop();
});

const { buildIssued, run, noteOf, codeOf } = createNoteStage(db, simulator);

test("each side gets one mail with the other's name, the amount from the ledger and the code", async () => {
  const { deps, shopId, earned } = await buildIssued();
  const before = simulator.world.mails.length;
  for (const side of [earned.referrer, earned.friend])
    expect(await run(deps, shopId, side.rewardId)).toEqual({ outcome: "done" });
  const mails = simulator.world.mails.slice(before);
  expect(mails.map((mail) => mail.to)).toEqual(["dan@example.com", "mara@example.com"]);
  const [toDan, toMara] = mails;
  expect(toDan?.text).toContain("Thank you for bringing Mara to us");
  expect(toDan?.text).toContain("£10 off");
  expect(toDan?.text).toContain(await codeOf(earned.referrer.rewardId));
  expect(toMara?.text).toContain("As Dan sent you to us");
  expect(toMara?.html).toContain(await codeOf(earned.friend.rewardId));
  expect(await noteOf(earned.referrer.rewardId)).toEqual({ state: "sent", reason: null });
});

test("a mail about store credit says where it is and holds no code; one about a gift card holds the card's", async () => {
  const { mail, given } = scriptedMail();
  for (const kind of ["store_credit", "gift_card"] as const) {
    const world = await buildCreditShop(db, simulator, { kind });
    const [{ referrer } = { referrer: { rewardId: "", personId: "" } }] = world.earned;
    const { shopId, deps } = world;
    await fulfilToEnd(deps, shopId, referrer.rewardId);
    await inShop(db.pools, shopId, (tx) =>
      keepProfiles(tx, shopId, new Map([[referrer.personId, sealPersonProfile(deps.keys, shopId, DAN)]])),
    );
    const mailing = {
      ...deps,
      words: null,
      sms: null,
      mail,
      mailFrom: "FreshBox <hello@freshbox.example>",
      appUrl: "https://goodword.example",
    };
    expect(await run(mailing, shopId, referrer.rewardId)).toEqual({ outcome: "done" });
    expect(given.at(-1)?.text).toContain(kind === "store_credit" ? "£10 in store credit" : "a gift card of £10");
    const [reward] = (await rewardRows(db, shopId)).filter(({ id }) => id === referrer.rewardId);
    if (kind === "gift_card") expect(given.at(-1)?.html).toContain(String(reward?.code));
    else expect(given.at(-1)?.html).not.toContain("monospace");
  }
  expect(given).toHaveLength(2);
});

test("no code is in the subject or in what a mailbox shows of the body", async () => {
  const { mail, given } = scriptedMail();
  const { deps, shopId, earned } = await buildIssued({ mail });
  await run(deps, shopId, earned.referrer.rewardId);
  const [sent] = given;
  const code = await codeOf(earned.referrer.rewardId);
  expect(sent?.subject).not.toContain(code);
  expect(sent?.text.slice(0, 200)).not.toContain(code);
  const visible = sent?.html
    .replace(/^[\s\S]*<body[^>]*>/, "")
    .replace(/<[^>]+>/g, "")
    .replace(/&#847;|&zwnj;|&nbsp;/g, "~")
    .replace(/\s+/g, " ");
  expect(visible?.slice(0, 250)).not.toContain(code);
  expect(visible).toContain(code);
});

test("a mail can be unsubscribed by one click that names the person and nothing else", async () => {
  const { mail, given } = scriptedMail();
  const { deps, shopId, earned } = await buildIssued({ mail });
  await run(deps, shopId, earned.friend.rewardId);
  const header = given[0]?.headers["List-Unsubscribe"] ?? "";
  const token = /^<https:\/\/goodword\.example\/unsubscribe\/([\w-]+)>$/.exec(header)?.[1] ?? "";
  expect(openUnsubscribeToken(deps.keys, token)).toEqual({ shopId, personId: earned.friend.personId });
  expect(openUnsubscribeToken(deps.keys, `${token.slice(0, -2)}AA`)).toBeNull();
  expect(openUnsubscribeToken(deps.keys, "")).toBeNull();
  expect(given[0]?.headers["List-Unsubscribe-Post"]).toBe("List-Unsubscribe=One-Click");
});

test("ten runs at once send one mail", async () => {
  const { mail, given } = scriptedMail();
  const { deps, shopId, earned } = await buildIssued({ mail });
  await Promise.all(Array.from({ length: 10 }, () => run(deps, shopId, earned.referrer.rewardId)));
  expect(given).toHaveLength(1);
  await run(deps, shopId, earned.referrer.rewardId);
  expect(given).toHaveLength(1);
});

test("a mail that the server took at the second try is sent", async () => {
  const { mail, given } = scriptedMail({ outcome: "refused", reason: "econnrefused", permanent: false });
  const { deps, shopId, earned } = await buildIssued({ mail });
  expect((await run(deps, shopId, earned.referrer.rewardId)).outcome).toBe("again");
  expect((await run(deps, shopId, earned.referrer.rewardId, 2)).outcome).toBe("done");
  expect(given).toHaveLength(2);
  expect(await noteOf(earned.referrer.rewardId)).toEqual({ state: "sent", reason: null });
});

test("after an unknown outcome the note is unknown and never sent again", async () => {
  const { mail, given } = scriptedMail({ outcome: "unknown" });
  const { deps, shopId, earned } = await buildIssued({ mail });
  expect(await run(deps, shopId, earned.referrer.rewardId)).toEqual({ outcome: "done" });
  await run(deps, shopId, earned.referrer.rewardId);
  expect(given).toHaveLength(1);
  expect(await noteOf(earned.referrer.rewardId)).toEqual({ state: "unknown", reason: "no_answer" });
});

test("a busy mail server is tried again, one that says no for good is not", async () => {
  const busy = { outcome: "refused", reason: "smtp_451", permanent: false } as const;
  const never = { outcome: "refused", reason: "smtp_550", permanent: true } as const;
  const { mail, given } = scriptedMail(busy, never);
  const { deps, shopId, earned } = await buildIssued({ mail });
  expect(await run(deps, shopId, earned.referrer.rewardId)).toMatchObject({ outcome: "again", reason: "smtp_451" });
  expect(await noteOf(earned.referrer.rewardId)).toEqual({ state: "failed", reason: "later:smtp_451" });
  expect(await run(deps, shopId, earned.referrer.rewardId)).toEqual({ outcome: "done" });
  expect(given).toHaveLength(2);
  expect(await noteOf(earned.referrer.rewardId)).toEqual({ state: "failed", reason: "smtp_550" });
  await run(deps, shopId, earned.referrer.rewardId);
  expect(given).toHaveLength(2);
});

test("a worker that died while sending leaves an unknown note, not a second mail", async () => {
  const { mail, given } = scriptedMail();
  const { deps, shopId, earned } = await buildIssued({ mail });
  const { rewardId } = earned.referrer;
  await db.ownerPool.query("UPDATE notes SET state = 'claimed', claimed_at = now() WHERE reward_id = $1", [rewardId]);
  expect(await run(deps, shopId, rewardId)).toMatchObject({ outcome: "again", reason: "claimed" });
  const later = { now: () => new Date(Date.now() + 11 * 60_000) };
  expect(await run({ ...deps, clock: later }, shopId, rewardId)).toEqual({ outcome: "done" });
  expect(given).toEqual([]);
  expect(await noteOf(rewardId)).toEqual({ state: "unknown", reason: "worker_lost" });
});

test("somebody without a known address gets no mail, and that is no error", async () => {
  const { mail, given } = scriptedMail();
  const { deps, shopId, earned } = await buildIssued({ mail, known: false });
  expect(await run(deps, shopId, earned.referrer.rewardId)).toEqual({ outcome: "done" });
  expect(given).toEqual([]);
  expect(await noteOf(earned.referrer.rewardId)).toEqual({ state: "failed", reason: "no_address" });
});

test("a reward that was used or withdrawn before its mail went out is not announced", async () => {
  const { mail, given } = scriptedMail();
  const { deps, shopId, earned } = await buildIssued({ mail });
  await db.ownerPool.query("UPDATE rewards SET status = 'cancelled' WHERE id = $1", [earned.referrer.rewardId]);
  expect(await run(deps, shopId, earned.referrer.rewardId)).toEqual({ outcome: "done" });
  expect(given).toEqual([]);
  expect(await noteOf(earned.referrer.rewardId)).toEqual({ state: "failed", reason: "reward_cancelled" });
});

test("names that are no names are left out of the mail", async () => {
  const { mail, given } = scriptedMail();
  const { deps, shopId, earned } = await buildIssued({ mail, known: false });
  const hostile = { ...MARA, firstName: "<b>http://evil.example</b>" };
  await inShop(db.pools, shopId, async (tx) => {
    await keepProfiles(tx, shopId, new Map([[earned.referrer.personId, sealPersonProfile(deps.keys, shopId, DAN)]]));
    await keepProfiles(tx, shopId, new Map([[earned.friend.personId, sealPersonProfile(deps.keys, shopId, hostile)]]));
  });
  await run(deps, shopId, earned.referrer.rewardId);
  expect(given[0]?.text).toContain("Thank you for bringing a friend to us");
  expect(`${given[0]?.text}${given[0]?.html}`).not.toContain("evil");
});
