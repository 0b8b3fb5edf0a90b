import type { Pools } from "../../app/data/pools.ts";
import { convertReferrals } from "../../app/data/referrals.repo.ts";
import { STATEMENTS } from "../../app/data/statements.ts";
import type { Tx } from "../../app/data/tenant.ts";
import { inShop } from "../../app/data/tenant.ts";
import { newId } from "../../app/platform/ids.ts";
import {
  buildWorld,
  convertReferral,
  insertCode,
  insertPerson,
  openReferral,
  paidOrder,
  payOut,
  TIMES,
} from "../../test/harness/world.ts";
import type { World } from "../../test/harness/world.ts";
import { AT_ONCE } from "./attack.ts";
import type { Attack } from "./attack.ts";
import { mint } from "./mint-attack.ts";

/** Twenty of the same work in one transaction each. */
function twenty(
  pools: Pools,
  shopId: string,
  work: (tx: Tx, index: number) => Promise<unknown>,
): (() => Promise<unknown>)[] {
  return Array.from({ length: AT_ONCE }, (_, index) => () => inShop(pools, shopId, (tx) => work(tx, index)));
}

const RESOLVE = `
  INSERT INTO ledger_transfers (shop_id, id, kind, purpose, pending_id, referral_id, side, debit_account, debit_type, credit_account, credit_type, unit, amount)
  SELECT shop_id, $2::uuid, 2, purpose, id, referral_id, side, debit_account, debit_type, credit_account, credit_type, unit, amount
    FROM ledger_transfers WHERE shop_id = $1 AND referral_id = $3 AND kind = 1 AND side = 1`;
const PEND = `
  INSERT INTO ledger_transfers (shop_id, id, kind, purpose, referral_id, side, debit_account, debit_type, credit_account, credit_type, unit, amount)
  SELECT shop_id, $2::uuid, 1, purpose, referral_id, side, debit_account, debit_type, credit_account, credit_type, unit, amount
    FROM ledger_transfers WHERE shop_id = $1 AND referral_id = $3 AND kind = 1 AND side = 1 LIMIT 1`;
const WELCOME = `
  INSERT INTO rewards (shop_id, id, kind, referral_id, side, person_id, unit, amount)
  VALUES ($1, $2, 'welcome', $3, 2, $4, 'GBP', 1000)`;

const payout: Attack = {
  name: "twenty payouts of one referral",
  guard: "the payout statement's own guard",
  gate: "referrals",
  unguarded: {
    name: "payout_unguarded",
    text: without(
      STATEMENTS.payout.text,
      ["AND r.state = 'PENDING' AND r.eligible_at", "AND r.eligible_at"],
      ["FOR UPDATE OF r\n", "\n"],
      ["AND r.id = y.id AND r.state = 'PENDING'", "AND r.id = y.id"],
    ),
  },
  async prepare(pools, statement = STATEMENTS.payout) {
    const { shopId, referralId } = await convertedReferral(pools);
    const pair = (): string[] => [newId(), newId()];
    return {
      shopId,
      works: twenty(pools, shopId, (tx) =>
        tx.query(statement, [
          shopId,
          referralId,
          TIMES.eligible,
          pair(),
          pair(),
          pair(),
          newId(),
          newId(),
          null,
          "worker",
        ]),
      ),
      count: {
        text: "SELECT count(*)::int AS count FROM rewards WHERE shop_id = $1 AND referral_id = $2 AND side = 1",
        values: [shopId, referralId],
      },
    };
  },
};

/** The statement less its guards. @throws when one of them is not where it was: then nothing would be removed */
function without(text: string, ...changes: readonly (readonly [from: string, to: string])[]): string {
  return changes.reduce((changed, [from, to]) => {
    if (!changed.includes(from)) throw new Error(`the statement no longer says "${from.trim()}"`);
    return changed.replace(from, to);
  }, text);
}

const resolution: Attack = {
  name: "twenty more posts of one pending",
  guard: "one_resolution",
  gate: "ledger_transfers",
  async prepare(pools) {
    const { shopId, referralId } = await convertedReferral(pools);
    await inShop(pools, shopId, (tx) => payOut(tx, shopId, referralId));
    return {
      shopId,
      works: twenty(pools, shopId, (tx) => tx.execute(RESOLVE, [shopId, newId(), referralId])),
      count: {
        text: "SELECT count(*)::int AS count FROM ledger_transfers WHERE shop_id = $1 AND referral_id = $2 AND kind = 2 AND side = 1",
        values: [shopId, referralId],
      },
    };
  },
};

const pending: Attack = {
  name: "twenty more pendings of one side",
  guard: "one_pending",
  gate: "ledger_transfers",
  async prepare(pools) {
    const { shopId, referralId } = await convertedReferral(pools);
    return {
      shopId,
      works: twenty(pools, shopId, (tx) => tx.execute(PEND, [shopId, newId(), referralId])),
      count: {
        text: "SELECT count(*)::int AS count FROM ledger_transfers WHERE shop_id = $1 AND referral_id = $2 AND kind = 1 AND side = 1",
        values: [shopId, referralId],
      },
    };
  },
};

const liveReferral: Attack = {
  name: "twenty referrals of one friend",
  guard: "one_live_referral",
  gate: "referrals",
  async prepare(pools) {
    const world = await buildWorld(pools);
    const codes = await inShop(pools, world.shopId, async (tx) => {
      const made = [];
      for (let index = 0; index < AT_ONCE; index += 1) {
        const personId = await insertPerson(tx, world.shopId);
        made.push(await insertCode(tx, { shopId: world.shopId, personId }));
      }
      return made;
    });
    return {
      shopId: world.shopId,
      works: twenty(pools, world.shopId, (tx, index) =>
        openReferral(tx, world, { codeId: codes[index]?.codeId ?? world.codeId }),
      ),
      count: {
        text: "SELECT count(*)::int AS count FROM referrals WHERE shop_id = $1 AND friend_person = $2",
        values: [world.shopId, world.friend],
      },
    };
  },
};

const orderOnce: Attack = {
  name: "twenty referrals with one order",
  guard: "one_order_once",
  gate: "referrals",
  async prepare(pools) {
    const world = await buildWorld(pools);
    const { shopId } = world;
    const referrals = await inShop(pools, shopId, async (tx) => {
      const opened = [];
      for (let index = 0; index < AT_ONCE; index += 1)
        opened.push(await openReferral(tx, world, { friend: await insertPerson(tx, shopId) }));
      return opened;
    });
    const orderId = 5_153_779_573_247n;
    return {
      shopId,
      works: twenty(pools, shopId, (tx, index) =>
        convertReferrals(tx, { shopId, now: TIMES.ordered }, [paidOrder(referrals[index] ?? "", orderId)]),
      ),
      count: {
        text: "SELECT count(*)::int AS count FROM referrals WHERE shop_id = $1 AND qualifying_order = $2",
        values: [shopId, orderId.toString()],
      },
    };
  },
};

const earned: Attack = {
  name: "twenty welcome rewards for one referral",
  guard: "one_earned",
  gate: "rewards",
  async prepare(pools) {
    const { shopId, friend, referralId } = await convertedReferral(pools, 1);
    await inShop(pools, shopId, (tx) => payOut(tx, shopId, referralId));
    return {
      shopId,
      works: twenty(pools, shopId, (tx) => tx.execute(WELCOME, [shopId, newId(), referralId, friend])),
      count: {
        text: "SELECT count(*)::int AS count FROM rewards WHERE shop_id = $1 AND referral_id = $2 AND side = 2",
        values: [shopId, referralId],
      },
    };
  },
};

async function convertedReferral(pools: Pools, owed: 1 | 3 = 3): Promise<World & { referralId: string }> {
  const world = await buildWorld(pools);
  const referralId = await inShop(pools, world.shopId, async (tx) => {
    const id = await openReferral(tx, world, { owed });
    await convertReferral(tx, world.shopId, id);
    return id;
  });
  return { ...world, referralId };
}

/** Each may succeed once, however many try at once. */
export const ATTACKS: readonly Attack[] = [mint, payout, resolution, pending, liveReferral, orderOnce, earned];
