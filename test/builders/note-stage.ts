import { createMailSender } from "#app/adapters/mail/smtp-sender.ts";
import { keepProfiles } from "#app/data/people-of-many.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { sealPersonProfile } from "#app/platform/sealed-profile.ts";
import { fulfilReward } from "#app/usecases/fulfil-reward.ts";
import { installShop } from "#app/usecases/install-shop.ts";
import type { MailSender } from "#app/usecases/ports.ts";
import { sendNote } from "#app/usecases/send-note.ts";
import type { SendNoteDeps } from "#app/usecases/send-note.ts";
import type { RunningSimulator } from "#simulator/server.ts";
import type { createTestDatabase } from "#test/harness/postgres.ts";
import { earnRewards } from "./earned-rewards.ts";
import { buildShopifyDeps, grantShop } from "./installed-shop.ts";

export const DAN = { firstName: "Dan", email: "dan@example.com", phone: null, locale: "en-GB" };
export const MARA = { firstName: "Mara", email: "mara@example.com", phone: null, locale: "en-GB" };

type Db = Awaited<ReturnType<typeof createTestDatabase>>;

/** Paid referrals whose notes are due, in a database and beside a simulator that the test file started. */
export function createNoteStage(db: Db, simulator: RunningSimulator) {
  /** A paid referral of Dan and Mara whose codes exist. Mails go to the simulator's sink unless `mail` is given. */
  async function buildIssued(options: { mail?: MailSender; known?: boolean } = {}) {
    const shopify = buildShopifyDeps(db.pools, simulator);
    const { shopId, ...granted } = await grantShop(shopify, simulator);
    await installShop(shopify, granted);
    const earned = await earnRewards(db.pools, shopId);
    for (const { rewardId } of [earned.referrer, earned.friend]) {
      const row = {
        shopId,
        id: rewardId,
        topic: "reward.fulfil",
        dedupeKey: `fulfil:${rewardId}`,
        payload: {},
        attempts: 1,
        externalId: null,
      };
      if ((await fulfilReward(shopify, row)).outcome !== "done") throw new Error("the reward was not issued");
    }
    if (options.known !== false) {
      await inShop(db.pools, shopId, async (tx) => {
        await keepProfiles(
          tx,
          shopId,
          new Map([[earned.referrer.personId, sealPersonProfile(shopify.keys, shopId, DAN)]]),
        );
        await keepProfiles(
          tx,
          shopId,
          new Map([[earned.friend.personId, sealPersonProfile(shopify.keys, shopId, MARA)]]),
        );
      });
    }
    const smtp = createMailSender({ smtpUrl: `smtp://127.0.0.1:${simulator.smtpPort}` });
    const mail = options.mail ?? smtp;
    const deps: SendNoteDeps = {
      ...shopify,
      words: null,
      sms: null,
      mail,
      mailFrom: "FreshBox <hello@freshbox.example>",
      appUrl: "https://goodword.example",
    };
    return { deps, shopId, earned };
  }

  function run(deps: SendNoteDeps, shopId: string, rewardId: string, attempts = 1) {
    const row = { shopId, id: rewardId, topic: "note.send", dedupeKey: `note:${rewardId}`, payload: { rewardId } };
    return sendNote(deps, { ...row, attempts, externalId: null });
  }

  async function noteOf(rewardId: string): Promise<unknown> {
    return (await db.ownerPool.query("SELECT state, reason FROM notes WHERE reward_id = $1", [rewardId])).rows[0];
  }

  async function codeOf(rewardId: string): Promise<string> {
    const { rows } = await db.ownerPool.query<{ code: string }>("SELECT code FROM rewards WHERE id = $1", [rewardId]);
    return rows[0]?.code ?? "";
  }

  return { buildIssued, run, noteOf, codeOf };
}

/** A mail server that gives these outcomes in turn and keeps what it was given. */
export function scriptedMail(...outcomes: Awaited<ReturnType<MailSender["send"]>>[]) {
  const given: Parameters<MailSender["send"]>[0][] = [];
  const send: MailSender["send"] = (mail) => {
    given.push(mail);
    return Promise.resolve(outcomes.shift() ?? { outcome: "sent" });
  };
  return { mail: { send }, given };
}
