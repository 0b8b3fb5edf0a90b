import { afterAll, expect, test } from "vitest";
import { newId } from "#app/platform/ids.ts";
import type { Mail, MailSender } from "#app/usecases/ports.ts";
import { saveSettings } from "#app/usecases/words/save-words.ts";
import { earnRewards } from "#test/builders/earned-rewards.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { watchTeam } from "./watch-team.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const HOUR_MS = 3_600_000;
const SETTINGS = {
  language: "en",
  modelOn: true,
  quietFrom: 21,
  quietTo: 8,
  teamMail: ["team@freshbox.example"],
} as const;

/** A shop whose team wants to be told, and a mail server with these answers, `sent` in the end. */
async function buildWorld(...answers: Awaited<ReturnType<MailSender["send"]>>[]) {
  const world = await buildUseCases(db);
  const mails: Mail[] = [];
  const deps = {
    ...world,
    mail: {
      send: (mail: Mail) => {
        mails.push(mail);
        return Promise.resolve(answers.shift() ?? ({ outcome: "sent" } as const));
      },
    },
    mailFrom: "Goodword <goodword@example.com>",
    adminUrlOf: () => "https://admin.shopify.com/store/freshbox/apps/goodword",
  };
  await saveSettings(deps, { shopId: world.shopId, settings: SETTINGS, actor: "7001" });
  async function openCase(): Promise<string> {
    const id = newId();
    await db.ownerPool.query(
      `INSERT INTO cases (shop_id, id, kind, reason, opened_at, escalate_at) VALUES ($1, $2, 'conflict', 'both_rewarded', $3, $4)`,
      [world.shopId, id, world.clock.now(), new Date(world.clock.now().getTime() + 24 * HOUR_MS)],
    );
    return id;
  }
  const watch = async () => watchTeam(deps, await world.outboxRow("team.watch"));
  return { ...world, deps, mails, openCase, watch };
}

test("a case is told of once, with its reason and a link into the admin, and looked for again in ten minutes", async () => {
  const world = await buildWorld();
  const caseId = await world.openCase();
  const verdict = await world.watch();
  expect(verdict).toMatchObject({ outcome: "again", reason: "watching" });
  await world.watch();
  expect(world.mails).toHaveLength(1);
  const [mail] = world.mails;
  expect(mail?.to).toBe("team@freshbox.example");
  expect(mail?.subject).toContain("1 case waits for you");
  expect(mail?.text).toContain("both_rewarded");
  expect(mail?.text).toContain(`https://admin.shopify.com/store/freshbox/apps/goodword/app/review?case=${caseId}`);
});

test("a case that waits past its clock is told of once more, as late", async () => {
  const world = await buildWorld();
  await world.openCase();
  await world.watch();
  world.clock.skip(25 * HOUR_MS);
  await world.watch();
  await world.watch();
  expect(world.mails.map(({ subject }) => subject.replace(/^[^:]+: /, ""))).toEqual([
    "1 case waits for you",
    "1 case waits too long",
  ]);
});

test("ten looks at once tell of a case once", async () => {
  const world = await buildWorld();
  await world.openCase();
  await Promise.all(Array.from({ length: 10 }, () => world.watch()));
  expect(world.mails).toHaveLength(1);
});

test("what the mail server did not take is told again; what may have gone out is not", async () => {
  const busy = { outcome: "refused", reason: "smtp_451", permanent: false } as const;
  const world = await buildWorld(busy, { outcome: "unknown" });
  await world.openCase();
  for (let look = 0; look < 4; look += 1) await world.watch();
  expect(world.mails).toHaveLength(2);
});

test("a mail that the server refuses for good is not tried again", async () => {
  const world = await buildWorld({ outcome: "refused", reason: "smtp_550", permanent: true });
  await world.openCase();
  for (let look = 0; look < 3; look += 1) await world.watch();
  expect(world.mails).toHaveLength(1);
  expect(await world.query("SELECT DISTINCT state FROM team_told")).toEqual([{ state: "failed" }]);
});

test("a reward that Shopify refused is told of once, with the way to its referral", async () => {
  const world = await buildWorld();
  const { referralId, referrer } = await earnRewards(db.pools, world.shopId);
  const { rewardId } = referrer;
  await world.watch();
  expect(world.mails).toEqual([]);
  await world.query("UPDATE rewards SET status = 'blocked' WHERE id = $1", [rewardId]);
  for (let look = 0; look < 2; look += 1) await world.watch();
  expect(world.mails).toHaveLength(1);
  expect(world.mails[0]?.subject).toContain("1 reward was refused");
  expect(world.mails[0]?.text).toContain(`/app/referrals/${referralId}`);
  expect(await world.query("SELECT about, state FROM team_told")).toEqual([
    { about: `reward:${rewardId}`, state: "sent" },
  ]);
});

test("a watch that does not say when it began sends no digest of a week that it did not watch", async () => {
  const world = await buildWorld();
  const row = await world.outboxRow("team.watch");
  world.clock.skip(7 * 24 * HOUR_MS);
  expect(await watchTeam(world.deps, { ...row, payload: {} })).toMatchObject({ outcome: "again" });
  expect(world.mails).toEqual([]);
  await watchTeam(world.deps, row);
  expect(world.mails).toHaveLength(1);
});

test("two hundred cases are one mail that names twenty and counts the rest", async () => {
  const world = await buildWorld();
  for (let each = 0; each < 30; each += 1) await world.openCase();
  await world.watch();
  expect(world.mails).toHaveLength(1);
  expect(world.mails[0]?.text).toContain("And 10 more.");
});

test("once a week the team hears how it went, from the first Monday on", async () => {
  const world = await buildWorld();
  await world.watch();
  expect(world.mails).toEqual([]);
  world.clock.skip(7 * 24 * HOUR_MS);
  await world.watch();
  await world.watch();
  expect(world.mails).toHaveLength(1);
  expect(world.mails[0]?.subject).toContain("your referrals this week");
  expect(world.mails[0]?.text).toContain("Referrals paid in seven days: 0");
  world.clock.skip(7 * 24 * HOUR_MS);
  await world.watch();
  expect(world.mails).toHaveLength(2);
});

test("nobody to tell ends the watch, and so does a newer one", async () => {
  const world = await buildWorld();
  const first = await world.outboxRow("team.watch");
  const none = { ...SETTINGS, teamMail: [] };
  await saveSettings(world.deps, { shopId: world.shopId, settings: none, actor: "7001" });
  expect(await watchTeam(world.deps, first)).toEqual({ outcome: "done" });
  world.clock.skip(1_000);
  await saveSettings(world.deps, { shopId: world.shopId, settings: SETTINGS, actor: "7001" });
  expect(await watchTeam(world.deps, first)).toEqual({ outcome: "done" });
});

test.each([["no address"], ["two@at@signs.example"], ["a@b"], ["x,y@z.example"]])(
  "%j is no address of a team",
  async (address) => {
    const world = await buildWorld();
    const settings = { ...SETTINGS, teamMail: [address] };
    expect(await saveSettings(world.deps, { shopId: world.shopId, settings, actor: "7001" })).toEqual({
      outcome: "refused",
      reason: "bad_address",
    });
  },
);
