import { expect, test } from "vitest";
import { isUuid, newId, shopIdFor, uuidFromBytes, uuidToBytes } from "./ids.ts";

test("newId makes UUIDv7 that differ, over more than one refill of the pool", () => {
  const ids = Array.from({ length: 2_000 }, () => newId());
  expect(new Set(ids).size).toBe(2_000);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("newId only grows, also within one millisecond and past its counter", () => {
  const ids = Array.from({ length: 20_000 }, () => newId());
  expect(ids).toEqual(ids.toSorted());
});

test("newId begins with the time of the machine", () => {
  const before = Date.now();
  const ms = Number.parseInt(newId().replace("-", "").slice(0, 12), 16);
  expect(ms).toBeGreaterThanOrEqual(before);
  // The counter may have run over, which borrows from the next milliseconds.
  expect(ms).toBeLessThanOrEqual(Date.now() + 100);
});

test("shopIdFor gives a domain one id for ever, in any case of letters", () => {
  expect(shopIdFor("FreshBox.myshopify.com")).toBe(shopIdFor("freshbox.myshopify.com"));
  expect(shopIdFor("freshbox.myshopify.com")).toBe("79afe897-58cd-8189-80b1-4be06c544975");
  expect(shopIdFor("other.myshopify.com")).not.toBe(shopIdFor("freshbox.myshopify.com"));
});

test("a UUID is the same after its bytes", () => {
  const id = newId();
  expect(uuidFromBytes(uuidToBytes(id))).toBe(id);
  expect([isUuid(id), isUuid(id.toUpperCase()), isUuid("x")]).toEqual([true, false, false]);
});
