import { expect, test } from "vitest";
import { createShopKeyring } from "./shop-keyring.ts";

const KEYRING = createShopKeyring(Buffer.alloc(32, 7));
const OTHER = createShopKeyring(Buffer.alloc(32, 8));
const NOVEMBER = new Date("2026-11-20T12:00:00Z");

test("a person's hash is the same whenever it is asked for, and another in each kind and shop", () => {
  const hash = KEYRING.person("email", "mara@example.com");
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(createShopKeyring(Buffer.alloc(32, 7)).person("email", "mara@example.com")).toBe(hash);
  expect(KEYRING.person("phone", "mara@example.com")).not.toBe(hash);
  expect(OTHER.person("email", "mara@example.com")).not.toBe(hash);
});

test("a network's hash holds for its month of UTC, and no longer", () => {
  const hash = KEYRING.network("ip", "203.0.113.24", NOVEMBER);
  expect(hash).toMatch(/^[0-9a-f]{32}$/);
  expect(KEYRING.network("ip", "203.0.113.24", new Date("2026-11-30T23:59:59.999Z"))).toBe(hash);
  expect(KEYRING.network("ip", "203.0.113.24", new Date("2026-12-01T00:00:00Z"))).not.toBe(hash);
  expect(KEYRING.network("prefix", "203.0.113.24", NOVEMBER)).not.toBe(hash);
});

test("a card's parts do not run together", () => {
  expect(KEYRING.card(["424242", "4242", "12"])).not.toBe(KEYRING.card(["424242", "42421", "2"]));
});

test("a reward's code comes from the reward and the attempt alone", () => {
  const mac = Buffer.from(KEYRING.rewardCodeMac("reward-1", 0));
  expect(mac).toHaveLength(32);
  expect(mac.equals(KEYRING.rewardCodeMac("reward-1", 0))).toBe(true);
  expect(mac.equals(KEYRING.rewardCodeMac("reward-1", 1))).toBe(false);
  expect(mac.equals(OTHER.rewardCodeMac("reward-1", 0))).toBe(false);
});

test("the parts of an address and other facts are told apart by what they are", () => {
  expect(KEYRING.address("street", "10")).not.toBe(KEYRING.address("number", "10"));
  expect(KEYRING.fact("checkout", "10")).not.toBe(KEYRING.address("number", "10"));
});
