import { afterAll, expect, test } from "vitest";
import { createRandom } from "#proof/lib/random.ts";
import { DAN_CARD } from "#test/builders/fake-shopify.ts";
import { COOLING_OFF_MS, DAN, EVE, findingsOf, HOUR_MS, mintCode, placeOrder, tap } from "#test/builders/journeys.ts";
import type { Purchase } from "#test/builders/journeys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCaseOptions, UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import type { EvidenceAsked } from "./evidence-port.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const FRIENDS = 14;
const TOKENS = { landingSite: [] };

/** Dan's and Eve's links bring friends, who all buy in one hour. @param oddly how the n-th order is told apart */
async function manyFriends(
  options: UseCaseOptions,
  oddly: (n: number) => Partial<Purchase> = () => ({}),
): Promise<UseCases> {
  const world = await buildUseCases(db, options);
  const codes = [await mintCode(world, DAN), await mintCode(world, EVE)];
  world.shopify.cards.set(DAN, [DAN_CARD]);
  world.clock.skip(HOUR_MS);
  for (let n = 0; n < FRIENDS; n += 1) {
    const token = tap(world, codes[n % 2] ?? "", { at: world.clock.now().getTime() - HOUR_MS / 2 });
    const tokens = { ...TOKENS, cartAttribute: [token] };
    const facts = placeOrder(world, { orderId: String(5_000 + n), customerId: String(8_000 + n), tokens, ...oddly(n) });
    await world.deliver("orders/paid", facts);
    world.clock.skip(1_000);
  }
  await world.work();
  return world;
}

/** What became of each referral, by its order, in words that are the same in every shop. */
async function outcomeOf(world: UseCases) {
  const referrals = await world.query(
    `SELECT coalesce(r.qualifying_order, 0)::text AS "order", r.state, r.reason, r.version, r.order_snapshot -> 'payable' -> 'lines' AS payable,
            (SELECT jsonb_agg(jsonb_build_array(w.side, w.status, w.unit, w.amount, w.remaining) ORDER BY w.side)
               FROM rewards w WHERE w.referral_id = r.id) AS rewards,
            (SELECT jsonb_agg(jsonb_build_array(d.phase, d.verdict, d.score, d.features, d.rules) ORDER BY d.at, d.id)
               FROM decisions d WHERE d.referral_id = r.id) AS decisions,
            (SELECT jsonb_agg(jsonb_build_array(a.action, a.actor, a.at) ORDER BY a.at, a.action)
               FROM audit a WHERE a.subject = r.id) AS audit,
            (SELECT jsonb_agg(jsonb_build_array(t.kind, t.side, t.unit, t.amount) ORDER BY t.kind, t.side)
               FROM ledger_transfers t WHERE t.referral_id = r.id) AS transfers
       FROM referrals r ORDER BY r.opened_at, r.id`,
  );
  const counters = await world.query(
    "SELECT scope, used, cap, recent_cap, cardinality(recent) AS recent FROM cap_counters ORDER BY scope, used, subject",
  );
  const outbox = await world.query(
    "SELECT topic, state, count(*)::int AS rows FROM outbox GROUP BY topic, state ORDER BY topic, state",
  );
  const kept = await world.query("SELECT kind, count(*)::int AS rows FROM person_keys GROUP BY kind ORDER BY kind");
  return {
    referrals,
    counters,
    outbox,
    kept,
    cases: await world.query("SELECT kind, reason FROM cases ORDER BY 1, 2"),
  };
}

const ODD: readonly Partial<Purchase>[] = [
  { admin: { financialStatus: "REFUNDED" } },
  { cardUsed: DAN_CARD },
  { admin: { risk: "CANCEL" } },
  { admin: { customerId: DAN } },
  { admin: { currency: "USD" } },
];

/** An order that is plain, or one of everything that takes a closer look. */
function oddOrder(seed: number): (n: number) => Partial<Purchase> {
  const random = createRandom(seed);
  const kinds = Array.from({ length: FRIENDS }, () => random.int(0, 9));
  return (n) => {
    const kind = kinds[n] ?? 0;
    return ODD[kind] ?? {};
  };
}

test.each([1, 2, 3, 4])("referrals that are settled together end as they would one by one (seed %i)", async (seed) => {
  const terms = seed % 2 === 0 ? {} : { cap_total: 3, budget_month: "90.00" };
  const outcomes = [];
  for (const together of [true, false]) {
    const world = await manyFriends({ together, terms }, oddOrder(seed));
    const screened = await outcomeOf(world);
    world.clock.skip(COOLING_OFF_MS + HOUR_MS);
    await world.work();
    outcomes.push({ screened, settled: await outcomeOf(world) });
    expect(await findingsOf(world)).toEqual([]);
  }
  expect(outcomes[0]).toEqual(outcomes[1]);
});

test("plain referrals are screened and settled with one call to Shopify each time", async () => {
  const world = await manyFriends({});
  const calls = () => world.shopify.calls.filter((call) => call === "readEvidence").length;
  expect(calls()).toBe(1);
  world.clock.skip(COOLING_OFF_MS + HOUR_MS);
  await world.work();
  expect(calls()).toBe(2);
  expect(await world.query("SELECT state, count(*)::int AS rows FROM referrals GROUP BY state")).toEqual([
    { state: "REWARDED", rows: FRIENDS },
  ]);
});

test("what happens to one of them while Shopify is asked makes that one wait, and no other", async () => {
  const world = await manyFriends({});
  await spoil(world, async () => {
    await world.query("UPDATE referrals SET version = version + 1 WHERE qualifying_order = 5003");
  });
  world.clock.skip(COOLING_OFF_MS + HOUR_MS);
  await world.workOn("outbox");
  const left = await world.query(`SELECT qualifying_order::text AS "order" FROM referrals WHERE state = 'PENDING'`);
  // Left by the others, it is read anew in the same round, and paid on what was read then.
  expect(left).toEqual([]);
  const decisions = await world.query(
    `SELECT count(*)::int AS rows FROM decisions d JOIN referrals r ON r.id = d.referral_id
      WHERE d.phase = 'payout' AND r.qualifying_order = 5003`,
  );
  expect(decisions).toEqual([{ rows: 1 }]);
  expect(world.shopify.calls.filter((call) => call === "readEvidence alone")).toHaveLength(1);
});

test("what cannot be done together is done one by one", async () => {
  const world = await manyFriends({});
  await spoil(world, () => Promise.reject(new Error("no such thing for many")));
  world.clock.skip(COOLING_OFF_MS + HOUR_MS);
  await expect(world.workOn("outbox")).rejects.toThrow("no such thing for many");
  expect(await world.query("SELECT state, count(*)::int AS rows FROM referrals GROUP BY state")).toEqual([
    { state: "REWARDED", rows: FRIENDS },
  ]);
  expect(world.shopify.calls.filter((call) => call === "readEvidence alone")).toHaveLength(FRIENDS);
});

/** Something happens whenever Shopify is asked about several referrals; asking about one is noted. */
async function spoil(world: UseCases, happens: () => Promise<void>): Promise<void> {
  const forShop = world.admin.forShop.bind(world.admin);
  Object.assign(world.admin, {
    forShop: (...shop: Parameters<typeof forShop>) => ({
      ...forShop(...shop),
      readEvidence: async (asked: readonly EvidenceAsked[]) => {
        if (asked.length === 1) world.shopify.calls.push("readEvidence alone");
        const read = await forShop(...shop).readEvidence(asked);
        if (asked.length > 1) await happens();
        return read;
      },
    }),
  });
  await Promise.resolve();
}
