import { afterAll, expect, test } from "vitest";
import { DAY_MS } from "#test/builders/domain.ts";
import { DAN_CARD } from "#test/builders/fake-shopify.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { COOLING_OFF_MS, DAN, EVE, findingsOf, HOUR_MS, mintCode, placeOrder, tap } from "#test/builders/journeys.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { bindCustomer } from "./bind-customer.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const FRIENDS = Array.from({ length: 12 }, (_, i) => String(100 + i));
const WORKERS = 6;
const ROUNDS_MAX = 40;

/** Several workers at once; a row that failed comes back with time, as it would. */
async function workTogether(world: UseCases): Promise<void> {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    await Promise.allSettled(Array.from({ length: WORKERS }, () => world.work()));
    const [due] = await world.query<{ rows: number }>(
      `SELECT (SELECT count(*) FROM inbox WHERE next_at <= $1)::int + (SELECT count(*) FROM outbox WHERE next_at <= $1)::int AS rows`,
      [world.clock.now()],
    );
    const [failed] = await world.query<{ rows: number }>("SELECT count(*)::int AS rows FROM inbox WHERE state = 'new'");
    if (due?.rows === 0 && failed?.rows === 0) return;
    world.clock.skip(HOUR_MS / 60);
  }
  throw new Error("the rows never came to rest");
}

async function deliverMerge(world: UseCases, kept: string, deleted: string): Promise<void> {
  const { keyring } = world.shop;
  const hash = (customerId: string): string => keyring.person("customer", customerId);
  await world.deliver("customers/merge", {
    kind: "merge",
    keptHash: hash(kept),
    deletedHash: hash(deleted),
    keptId: null,
  });
}

/** Every friend taps a link, signs up and buys; everything is delivered more than once and nothing in order. */
async function everythingAtOnce(world: UseCases): Promise<void> {
  const codes = [await mintCode(world, DAN), await mintCode(world, EVE)];
  world.shopify.cards.set(DAN, [DAN_CARD]);
  const taps = FRIENDS.map((_, i) => tap(world, codes[i % 2] ?? ""));
  world.clock.skip(HOUR_MS);
  const deliveries = FRIENDS.flatMap((customerId, i) => {
    const shared = i % 4 === 0 ? { cardUsed: DAN_CARD } : {};
    const facts = placeOrder(world, { customerId, orderId: String(5_000 + i), ...shared });
    const tokens = [taps[i] ?? ""];
    return [
      () => world.deliver("orders/paid", facts),
      () => world.deliver("orders/paid", facts),
      () => bindCustomer(world, { shop: world.shop, customerId, tokens, device: null }),
      () => world.deliver("orders/create", { ...facts, paidAt: null }),
      ...(i % 3 === 0 ? [() => deliverMerge(world, customerId, FRIENDS[i + 1] ?? customerId)] : []),
    ];
  });
  await Promise.all(deliveries.map((deliver) => deliver()));
}

test("whatever comes at once and twice, each person is paid for once, no row is given up and the invariants hold", async () => {
  const world = await buildUseCases(db);
  await everythingAtOnce(world);
  await workTogether(world);
  expect(await findingsOf(world)).toEqual([]);

  world.clock.skip(COOLING_OFF_MS / 2);
  await deliverMerge(world, FRIENDS[4] ?? "", FRIENDS[5] ?? "");
  await deliverMerge(world, DAN, FRIENDS[7] ?? "");
  await deliverMerge(world, DAN, EVE);
  await workTogether(world);
  world.clock.skip(COOLING_OFF_MS);
  await deliverMerge(world, FRIENDS[10] ?? "", FRIENDS[11] ?? "");
  await workTogether(world);
  world.clock.skip(40 * DAY_MS);
  await workTogether(world);

  expect(await findingsOf(world)).toEqual([]);
  expect(
    await world.query("SELECT FROM inbox WHERE state = 'dead' UNION ALL SELECT FROM outbox WHERE state = 'dead'"),
  ).toEqual([]);
  const states = await world.query<{ state: string; count: number }>(
    "SELECT state, count(*)::int AS count FROM referrals GROUP BY 1 ORDER BY 1",
  );
  const rewarded = states.find(({ state }) => state === "REWARDED")?.count ?? 0;
  expect(rewarded).toBeGreaterThanOrEqual(2); // one who is nobody else, and one of the last family, at least
  expect(states.map(({ state }) => state)).not.toContain("PENDING");
  const people = await world.query(
    "SELECT DISTINCT coalesce(p.merged_into, p.id) FROM referrals r JOIN people p ON p.id = r.friend_person WHERE r.state = 'REWARDED'",
  );
  const conflicts = await world.query("SELECT FROM cases WHERE kind = 'conflict'");
  expect(rewarded - people.length).toBeLessThanOrEqual(conflicts.length);
  expect(await world.query("SELECT FROM rewards")).toHaveLength(2 * rewarded);
});
