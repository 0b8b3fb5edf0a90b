import { afterAll, expect, test } from "vitest";
import { HOUR_MS, mintCode, orderFacts, personFacts, referralsOf, tap } from "#test/builders/journeys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { createRandom } from "#proof/lib/random.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const CUSTOMERS = Array.from({ length: 24 }, (_, n) => String(8_001 + n));
const ID = (n: number): string => `0190a000-0000-7000-8000-${n.toString(16).padStart(12, "0")}`;

/** Sign-ups and orders that carry clicks, as a shop has them on a good day, with whatever tangles them up now and then. */
async function deliverBusyDay(world: UseCases, seed: number, codes: readonly string[]): Promise<void> {
  const random = createRandom(seed);
  const one = <T>(all: readonly T[]): T => all[random.int(0, all.length - 1)] as T; // never of an empty list
  let delivery = 0;
  const deliver = async (topic: string, facts: Parameters<UseCases["deliver"]>[1]): Promise<void> => {
    world.clock.skip(1);
    await world.deliver(topic, facts, `delivery-${seed % 10}-${String((delivery += 1)).padStart(3, "0")}`);
  };
  for (const customerId of CUSTOMERS.filter(() => random.int(0, 2) > 0)) {
    const at = world.clock.now().getTime();
    const email = `${customerId}@mail.example`;
    const phone = random.int(0, 3) === 0 ? { phone: `+4420${customerId}` } : {};
    const person = personFacts(world, customerId, { email, ...phone });
    const customer = { kind: "customer" as const, person, createdAt: at, updatedAt: at, state: "enabled", token: null };
    const tokens = Array.from({ length: random.int(0, 9) === 0 ? 2 : 1 }, (_, n) =>
      tap(world, one(codes), { at: at - random.int(1, 20) * HOUR_MS, clickId: ID(Number(customerId) * 10 + n) }),
    );
    const orderId = `${seed}${customerId}`;
    const carried =
      random.int(0, 9) > 0 ? { cartAttribute: tokens, landingSite: [] } : { cartAttribute: [], landingSite: tokens };
    const order = {
      ...orderFacts(world, { orderId, customerId, tokens: carried, device: one([ID(Number(customerId)), null]) }),
      person: random.int(0, 7) === 0 ? personFacts(world, customerId) : person,
    };
    const kind = random.int(0, 19);
    if (kind > 3) await deliver("customers/create", customer);
    if (kind === 1) await deliver("orders/create", { ...order, paidAt: null, financialStatus: "pending" });
    await deliver("orders/paid", {
      ...order,
      ...(kind === 2 ? { test: true } : {}),
      ...(kind === 3 ? { createdAt: at - 40 * HOUR_MS, processedAt: at - 40 * HOUR_MS } : {}),
      ...(kind === 4 ? { sourceName: "pos" } : {}),
      ...(kind === 5 ? { totalPrice: "0.00" } : {}),
    });
    if (kind === 6) await deliver("orders/cancelled", { ...order, cancelledAt: at });
    if (kind === 7) await deliver("orders/paid", { ...order, orderId: `9${orderId}` });
    if (kind === 8)
      await deliver("customers/update", {
        ...customer,
        person: personFacts(world, customerId, { email: `${customerId}@new.example` }),
      });
    if (kind === 9) await deliver("goodword/bind", { kind: "bind", person, tokens, device: null, at });
    if (kind > 9) {
      await deliver("customers/create", customer);
      await deliver("orders/paid", order);
    }
  }
}

/** Some of them log in with a link before they buy. */
async function signUpSome(world: UseCases, seed: number, codes: readonly string[]): Promise<void> {
  const random = createRandom(seed);
  const at = world.clock.now().getTime();
  for (const [n, customerId] of CUSTOMERS.entries()) {
    if (random.int(0, 1) === 0) continue;
    const code = codes[n % codes.length] ?? "";
    const tokens = [tap(world, code, { at: at - HOUR_MS, clickId: ID(90_000 + n) })];
    const person = personFacts(world, customerId, { email: `${customerId}@mail.example` });
    await world.deliver("goodword/bind", { kind: "bind", person, tokens, device: null, at }, `bind-${customerId}`);
  }
  await world.work();
}

/** All that is left behind, in words that are the same in every shop, and in no order. */
async function outcomeOf(world: UseCases) {
  const names = new Map(CUSTOMERS.map((id) => [world.shop.keyring.person("customer", id), id]));
  const people = await world.query<{
    hashes: string[] | null;
    keys: string[];
    first: Date | null;
    last: Date | null;
    sealed: boolean;
  }>(
    `SELECT array_agg(encode(k.hash, 'hex') ORDER BY k.hash) FILTER (WHERE k.kind = 'customer') AS hashes,
            array_agg(k.kind ORDER BY k.kind) FILTER (WHERE k.identifies) AS keys, count(*) FILTER (WHERE NOT k.identifies AND k.kind = 'device')::int AS devices,
            min(p.first_order_at) AS first, max(p.last_order_at) AS last, bool_or(p.profile_enc IS NOT NULL) AS sealed
       FROM people p JOIN person_keys k ON k.person_id = p.id GROUP BY coalesce(p.merged_into, p.id)`,
  );
  const byText = (left: unknown, right: unknown): number => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1);
  return {
    people: people
      .map(({ hashes, ...known }) => ({
        ...known,
        customers: (hashes ?? []).map((hash) => names.get(hash)).toSorted(byText),
      }))
      .toSorted(byText),
    rows: await world.query("SELECT webhook_id, state FROM inbox ORDER BY webhook_id"),
    referrals: (await referralsOf(world))
      .map(({ state, order, paidAt, eligibleAt, expiresAt, reason }) => ({
        state,
        order,
        paidAt,
        eligibleAt,
        expiresAt,
        reason,
      }))
      .toSorted(byText),
    weighed: (
      await world.query(
        "SELECT order_id::text, click_id, carrier, reason, (SELECT jsonb_agg(l - 'codeId') FROM jsonb_array_elements(losers) l) AS losers, referral_id IS NOT NULL AS opened FROM attributions",
      )
    ).toSorted(byText),
    work: await world.query(
      "SELECT topic, state, count(*)::int FROM outbox GROUP BY topic, state ORDER BY topic, state",
    ),
    record: await world.query("SELECT action, count(*)::int FROM audit GROUP BY action ORDER BY action"),
    owed: await world.query(
      "SELECT kind, side, unit, sum(amount)::text FROM ledger_transfers GROUP BY kind, side, unit ORDER BY kind, side",
    ),
  };
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])("a busy day ends as its rows would one by one (seed %i)", async (seed) => {
  const worlds = await Promise.all([buildUseCases(db), buildUseCases(db, { together: false })]);
  const outcomes = [];
  for (const world of worlds) {
    const codes = [];
    for (const owner of ["7001", "7002", "7003", "7004", "7005", "7006"]) codes.push(await mintCode(world, owner));
    if (seed % 2 === 0) await signUpSome(world, seed, codes);
    for (const day of [0, 1]) {
      world.clock.skip(24 * HOUR_MS);
      await deliverBusyDay(world, seed * 10 + day, codes);
      await world.work();
    }
    outcomes.push(await outcomeOf(world));
  }
  expect(outcomes[0]).toEqual(outcomes[1]);
});
