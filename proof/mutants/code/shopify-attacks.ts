import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { keepProfiles } from "../../../app/data/people-of-many.repo.ts";
import { saveSession } from "../../../app/data/session.repo.ts";
import { inShop } from "../../../app/data/tenant.ts";
import { sealPersonProfile } from "../../../app/platform/sealed-profile.ts";
import { createAccessTokens } from "../../../app/usecases/access-token.ts";
import { installShop } from "../../../app/usecases/install-shop.ts";
import type { Mail } from "../../../app/usecases/ports.ts";
import { sendNote } from "../../../app/usecases/send-note.ts";
import type { RunningSimulator } from "../../../simulator/server.ts";
import type { Shop } from "../../../simulator/world/types.ts";
import { buildCreditShop, CALL_TIMEOUT_MS, runFulfil } from "../../../test/builders/credit-shops.ts";
import { earnRewards } from "../../../test/builders/earned-rewards.ts";
import { buildShopifyDeps, grantShop, startTestSimulator } from "../../../test/builders/installed-shop.ts";
import type { ShopifyDeps } from "../../../test/builders/installed-shop.ts";
import type { Scratch } from "../scratch.ts";
import type { CodeAttack, CodeAttacks } from "./attack.ts";

const RUNS_MAX = 20;
const AT_ONCE = 10;
const LOOK_MS = 25;
/** Longer than any wait that a run asks for. */
const RUN_EVERY_MS = 15 * 60_000;
const TIMES_OUT = { kind: "timeout_after_apply", count: 1, ms: CALL_TIMEOUT_MS * 2 } as const;

/** A second one that is on its way has come by then, however slow the machine is. */
const SECOND_COMES_MS = 3_000;

/** Lets the first of several wait until there is a second, or until there will be none. */
async function untilSecond(howMany: () => number): Promise<void> {
  for (let waitedMs = 0; waitedMs < SECOND_COMES_MS && howMany() < 2; waitedMs += LOOK_MS) await sleep(LOOK_MS);
}

/** Gives an attack a pretend Shopify of its own. */
function onSimulator(attack: (scratch: Scratch, simulator: RunningSimulator) => Promise<void>): CodeAttack {
  return async (scratch) => {
    const simulator = await startTestSimulator();
    try {
      await attack(scratch, simulator);
    } finally {
      await simulator.close();
    }
  };
}

async function buildCodeShop({ pools }: Scratch, simulator: RunningSimulator) {
  const deps = buildShopifyDeps(pools, simulator, { callTimeoutMs: CALL_TIMEOUT_MS });
  const granted = await grantShop(deps, simulator);
  await installShop(deps, granted);
  const { referrer } = await earnRewards(pools, granted.shopId);
  return { deps, ...granted, referrer };
}

/** Runs a row until it says that it is done, or so often; a run that fails is a run. */
async function fulfil(deps: ShopifyDeps, shopId: string, rewardId: string): Promise<void> {
  let nowMs = Date.now();
  for (let attempts = 1; attempts <= RUNS_MAX; attempts += 1) {
    const clock = { now: () => new Date(nowMs) };
    const verdict = await runFulfil({ ...deps, clock }, shopId, rewardId, attempts).catch(() => null);
    if (verdict?.outcome === "done" || verdict?.outcome === "dead") return;
    nowMs += RUN_EVERY_MS;
  }
}

function codesIn(shop: Shop): string[] {
  return [...shop.discounts.values()].flatMap(({ codes }) => [...codes.values()].map(({ code }) => code));
}

async function rewardOf({ owner }: Scratch, rewardId: string): Promise<{ status: string; code: string | null }> {
  const { rows } = await owner.query<{ status: string; code: string | null }>(
    "SELECT status, code FROM rewards WHERE id = $1",
    [rewardId],
  );
  return rows[0] ?? { status: "none", code: null };
}

/** Answers that are lost, and processes that do the same at once. */
export const SHOPIFY_ATTACKS: CodeAttacks = {
  "a discount whose creation is applied and not answered": onSimulator(async (scratch, simulator) => {
    const world = await buildCodeShop(scratch, simulator);
    simulator.simulator.faults.add({ route: "graphql:discountCodeBasicCreate", ...TIMES_OUT });
    await fulfil(world.deps, world.shopId, world.referrer.rewardId);
    const { status, code } = await rewardOf(scratch, world.referrer.rewardId);
    assert.deepEqual(codesIn(world.shop), [code], "the shop has exactly the code that the reward says");
    assert.equal(status, "issued", "the code is found and taken for ours");
  }),
  "store credit that is given and not answered": onSimulator(async (scratch, simulator) => {
    const world = await buildCreditShop(scratch, simulator, { kind: "store_credit" });
    // The look right after the call times out too, so that only a later run can find the credit.
    simulator.simulator.faults.add({ route: "graphql:storeCreditAccountCredit", ...TIMES_OUT });
    simulator.simulator.faults.add({ route: "graphql:customer", ...TIMES_OUT, count: 3 });
    const [rewardId = ""] = world.rewardIds;
    await fulfil(world.deps, world.shopId, rewardId);
    const credits = [...world.shop.storeCreditAccounts.values()].flatMap(({ entries }) => entries);
    assert.equal(credits.length, 1, "store credit is given once");
  }),
  "ten processes whose token is about to end": onSimulator(async ({ pools }, simulator) => {
    const deps = buildShopifyDeps(pools, simulator);
    const shop = await grantShop(deps, simulator);
    const ending = { ...shop.session, expiresAt: new Date(Date.now() + 60_000) };
    await inShop(pools, shop.shopId, (tx) => saveSession(tx, deps.keys, shop.shopId, ending, new Date()));
    let renewals = 0;
    const refresh: typeof deps.tokenDeps.refresh = async (...asked) => {
      renewals += 1;
      await untilSecond(() => renewals);
      return deps.tokenDeps.refresh(...asked);
    };
    const processes = Array.from({ length: AT_ONCE }, () => createAccessTokens({ ...deps.tokenDeps, refresh }));
    await Promise.all(processes.map((accessTokenFor) => accessTokenFor(shop)));
    assert.equal(renewals, 1, "a token is renewed once");
  }),
  "two runs that send the same note": onSimulator(async (scratch, simulator) => {
    const { deps, shopId, referrer } = await buildCodeShop(scratch, simulator);
    const { rewardId, personId } = referrer;
    await fulfil(deps, shopId, rewardId);
    const dan = { firstName: "Dan", email: "dan@example.com", phone: null, locale: "en" };
    await inShop(deps.pools, shopId, (tx) =>
      keepProfiles(tx, shopId, new Map([[personId, sealPersonProfile(deps.keys, shopId, dan)]])),
    );
    const sent: Mail[] = [];
    const mail = {
      send: async (one: Mail) => {
        sent.push(one);
        await untilSecond(() => sent.length);
        return { outcome: "sent" } as const;
      },
    };
    const noteDeps = {
      ...deps,
      words: null,
      sms: null,
      mail,
      mailFrom: "FreshBox <hello@freshbox.example>",
      appUrl: "https://goodword.example",
    };
    const row = { shopId, id: rewardId, topic: "note.send", dedupeKey: `note:${rewardId}`, payload: { rewardId } };
    const run = () => sendNote(noteDeps, { ...row, attempts: 1, externalId: null });
    await Promise.allSettled([run(), run()]);
    assert.equal(sent.length, 1, "a note is sent once");
  }),
};
