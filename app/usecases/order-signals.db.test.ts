import { afterAll, expect, test } from "vitest";
import { buildOrderFacts, hash, NOON } from "#test/builders/domain.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { earlierNetworkOf, signalsOfOrder } from "./order-signals.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const DAY_MS = 86_400_000;

test("an order tells its browser, its address and its network, each only when it has one", async () => {
  const { keyring } = (await buildUseCases(db)).shop;
  const none = { device: null, addressHash: null, ipHash: null };
  const kinds = (changes: Parameters<typeof buildOrderFacts>[0]): readonly string[] =>
    signalsOfOrder(buildOrderFacts({ ...none, ...changes }), keyring).map(({ kind }) => kind);
  expect(kinds({})).toEqual([]);
  expect(kinds({ device: "d-1" })).toEqual(["device"]);
  expect(kinds({ addressHash: hash("address") })).toEqual(["address"]);
  expect(kinds({ addressHash: "1" })).toEqual([]);
  expect(kinds({ ipHash: "a".repeat(32) })).toEqual(["network"]);
});

test("a network is kept for as long as the longest window, and under the earlier month's salt too where there is one", async () => {
  const { keyring } = (await buildUseCases(db)).shop;
  const facts = buildOrderFacts({ ipHash: "a".repeat(32), ipHashBefore: "b".repeat(32) });
  const [network] = signalsOfOrder(facts, keyring);
  expect(network?.expiresAt).toEqual(new Date(NOON + 45 * DAY_MS));
  const [earlier, ...others] = earlierNetworkOf(facts, keyring);
  expect(others).toEqual([]);
  expect(earlier).toMatchObject({ kind: "network", expiresAt: network?.expiresAt });
  expect(earlier?.hash).not.toBe(network?.hash);
  expect(earlierNetworkOf(buildOrderFacts({ ipHashBefore: null }), keyring)).toEqual([]);
});
