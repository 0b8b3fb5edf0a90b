import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import type { Tx } from "#app/data/tenant.ts";
import { inShop } from "#app/data/tenant.ts";
import { readScreenHistories } from "#app/data/screen-history.repo.ts";
import { insertReferrals } from "#app/data/new-referrals.repo.ts";
import { convertReferrals } from "#app/data/referrals.repo.ts";
import { STATEMENTS } from "#app/data/statements.ts";
import { keepClickPartitions } from "#app/data/keep-click-partitions.ts";
import type { ScreenHistory } from "#app/domain/screen/facts.ts";
import { newId } from "#app/platform/ids.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { buildWorld, insertCode, insertPerson } from "#test/harness/world.ts";
import { createRandom } from "../lib/random.ts";
import { createMemoryHistory } from "./memory-history.ts";
import type { MemoryAsked } from "./memory-history.ts";

const db = await createTestDatabase();
const NOON = Date.UTC(2026, 2, 10, 12);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

type Person = { readonly id: string; readonly codeId: string };

/** A list without the order that a database gives it, which means nothing. */
function settled(history: Omit<ScreenHistory, "boughtBefore">) {
  const sorted = <Item>(list: readonly Item[] | null) => list?.map((item) => JSON.stringify(item)).toSorted() ?? null;
  return {
    ...history,
    taps: [...new Set(sorted(history.taps))],
    signUpsOnCode: sorted(history.signUpsOnCode),
    signUpsOnDevice: sorted(history.signUpsOnDevice),
    signUpsOnNetwork: sorted(history.signUpsOnNetwork),
    claims: history.claims === null ? null : { at: history.claims.at, others: sorted(history.claims.others) },
  };
}

test("the history that a proof keeps in memory is the one that the database tells, for every referral of a crowded shop", async () => {
  await keepClickPartitions(db.databaseUrl, new Date(NOON));
  const { shopId } = await buildWorld(db.pools);
  const random = createRandom(20_260_310);
  const memory = createMemoryHistory();
  const asked: MemoryAsked[] = [];
  const codeOf = new Map<string, string>();
  await inShop(db.pools, shopId, async (tx) => {
    const people: Person[] = [];
    for (let n = 0; n < 60; n += 1) {
      const id = await insertPerson(tx, shopId);
      const { codeId } = await insertCode(tx, { shopId, personId: id });
      people.push({ id, codeId });
      codeOf.set(codeId, id);
      await noteAll(tx, shopId, id, random.int(0, 9), random.int(0, 6));
    }
    /** Few values for many people, so that everything is shared by some. */
    async function noteAll(inTx: Tx, shop: string, person: string, value: number, other: number): Promise<void> {
      const notes = [
        ["card", `card ${value}`, null],
        ["address", `address ${value}`, null],
        ["device", `device ${other}`, null],
        ["network", `network ${other}`, NOON + (other - 2) * DAY_MS],
      ] as const;
      for (const [kind, text, expiresAt] of notes) {
        if (random.int(1, 4) === 1) continue;
        const hash = Buffer.from(text.padEnd(32, ".")).toString("hex");
        memory.noteSignal(person, kind, hash, expiresAt);
        await inTx.execute(
          `INSERT INTO person_keys (shop_id, kind, hash, person_id, identifies, expires_at)
           VALUES ($1, $2, decode($3, 'hex'), $4, false, $5)`,
          [shop, kind, hash, person, expiresAt === null ? null : new Date(expiresAt)],
        );
      }
    }
    const friends = people.slice(6);
    for (const [n, friend] of friends.entries()) {
      // The first few bring most; three friends bring, at the end, those who brought them.
      const early = people[n % 4] ?? friend;
      await attempt(
        tx,
        n < 4 ? early : (people[random.int(0, 5)] ?? friend),
        friend,
        NOON + random.int(-40, 40) * HOUR_MS,
      );
    }
    for (const [n, first] of people.slice(0, 4).entries())
      await attempt(tx, friends[n] ?? first, first, NOON + 40 * HOUR_MS);
  });

  async function attempt(tx: Tx, referrer: Person, friend: Person, openedAt: number): Promise<void> {
    const [referralId, clickId] = [newId(), newId()];
    const clickedAt = openedAt - random.int(0, 90) * 60_000;
    const promised = { unit: "GBP", amountMinor: 1_000n };
    const opened = await insertReferrals(tx, { shopId, now: new Date(openedAt), actor: "worker" }, [
      {
        id: referralId,
        codeId: referrer.codeId,
        friendPerson: friend.id,
        owed: 3,
        expiresAt: new Date(openedAt + 30 * DAY_MS),
        evidence: { clickedAt },
        referrerOwed: promised,
        friendOwed: promised,
      },
    ]);
    if (opened.size === 0) return;
    memory.open({ id: referralId, code: referrer.codeId, referrer: referrer.id, friend: friend.id, openedAt });
    const network = `0${random.int(0, 9)}`.repeat(16);
    memory.tap(referrer.codeId, clickedAt, network);
    await tx.execute(
      "INSERT INTO clicks (shop_id, clicked_at, id, code_id, prefix_hash, flags) VALUES ($1, $2, $3, $4, decode($5, 'hex'), 0)",
      [shopId, new Date(clickedAt), clickId, referrer.codeId, network],
    );
    const isClaimed = random.int(1, 2) === 1;
    if (isClaimed) await claim(tx, { codeId: referrer.codeId, clickId, clickedAt });
    if (random.int(1, 2) === 1) await settle(tx, referralId, openedAt);
    asked.push({
      referralId,
      friend: friend.id,
      referrer: referrer.id,
      code: referrer.codeId,
      openedAt,
      clickedAt,
      claimedClickId: isClaimed ? clickId : null,
      signalsAt: openedAt,
    });
  }

  async function claim(tx: Tx, by: { codeId: string; clickId: string; clickedAt: number }): Promise<void> {
    const at = by.clickedAt + random.int(0, 30 * 60) * 60_000;
    const email = randomBytes(32).toString("hex");
    memory.claim(by.codeId, by.clickId, at, email);
    await tx.execute(
      `INSERT INTO claims (shop_id, id, code_id, click_id, clicked_at, email_hash, claimed_at, expires_at)
       VALUES ($1, $2, $3, $4, $5, decode($6, 'hex'), $7, $8)`,
      [shopId, newId(), by.codeId, by.clickId, new Date(by.clickedAt), email, new Date(at), new Date(at + 40 * DAY_MS)],
    );
  }

  /** Ends a referral: rewarded, and perhaps refunded in full, in part or by cancelling the order; or rejected. */
  async function settle(tx: Tx, referralId: string, openedAt: number): Promise<void> {
    const at = new Date(openedAt);
    if (random.int(1, 4) === 1) {
      const reason = random.pick(["same_card_and_device", "same_email", "numbered_mailbox"]);
      memory.settle(referralId, "VOID", reason);
      const values = [shopId, referralId, "REJECTED", reason, at, [newId(), newId()], newId(), "worker"];
      await tx.query(STATEMENTS.voidReferral, values);
      return;
    }
    const orderId = String(6_000_000_000 + asked.length);
    const order = { referralId, orderId, orderAt: at, paidAt: at, eligibleAt: at, snapshot: { total: "49.00" } };
    await convertReferrals(tx, { shopId, now: at }, [order]);
    const pair = () => [newId(), newId()];
    const paid = [shopId, referralId, at, pair(), pair(), pair(), newId(), newId(), null, "worker"];
    const [row] = await tx.query<{ state: string }>(STATEMENTS.payout, paid);
    if (row?.state !== "REWARDED") throw new Error("a referral that is due is paid");
    memory.settle(referralId, "REWARDED");
    const kind = random.int(1, 4);
    const refunds = kind === 1 ? { "1": "2400", "2": "2500" } : kind === 2 ? { "1": "2449" } : {};
    const reasons = kind === 3 ? ["order_cancelled"] : [];
    if (kind === 1 || kind === 3) memory.refund(referralId);
    const facts = {
      reversal: { currency: "GBP", total: "4900", refunds, disputes: {}, reasons, keys: [], incomplete: false },
    };
    await tx.execute("UPDATE referrals SET later_facts = $3 WHERE shop_id = $1 AND id = $2", [
      shopId,
      referralId,
      facts,
    ]);
  }

  expect(asked.length).toBeGreaterThan(40);
  const seen = { household: 0, alike: 0, stopped: 0, ring: 0, refunded: 0, bursts: 0, claims: 0 };
  await inShop(db.pools, shopId, async (tx) => {
    const answers = await readScreenHistories(
      tx,
      shopId,
      asked.map((one) => ({
        referralId: one.referralId,
        friendPerson: one.friend,
        referrerPerson: one.referrer,
        codeId: one.code,
        openedAt: new Date(one.openedAt),
        clickedAt: new Date(one.clickedAt),
        claimedClickId: one.claimedClickId,
        domains: [],
        signalsAt: new Date(one.signalsAt),
      })),
    );
    expect(answers).toHaveLength(asked.length);
    for (const [n, told] of answers.entries()) {
      const one = asked[n];
      if (one === undefined) throw new Error("there are as many answers as questions");
      expect(settled(told)).toEqual(settled(memory.read(one)));
      seen.household += told.householdFriends > 0 ? 1 : 0;
      seen.alike += told.peopleAlike > 0 ? 1 : 0;
      seen.stopped += told.peopleStopped > 0 ? 1 : 0;
      seen.ring += told.ringHops === null ? 0 : 1;
      seen.refunded += told.refundedOfLastFive > 0 ? 1 : 0;
      seen.bursts += (told.signUpsOnDevice?.length ?? 0) > 1 ? 1 : 0;
      seen.claims += (told.claims?.others.length ?? 0) > 1 ? 1 : 0;
    }
  });
  // A comparison of nothing with nothing would show nothing.
  expect(Object.entries(seen).filter(([, times]) => times === 0)).toEqual([]);
});
