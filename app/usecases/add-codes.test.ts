import { expect, test } from "vitest";
import { buildShopAdmin } from "#test/builders/scripted-admin.ts";
import { addCodesAndWait } from "./add-codes.ts";
import type { ShopAdmin } from "./ports.ts";

const DISCOUNT = "gid://shopify/DiscountCodeNode/1";

function add(changes: Partial<ShopAdmin>, codes: readonly string[] = ["A", "B"]) {
  const waits: number[] = [];
  const sleepMs = (ms: number): Promise<void> => Promise.resolve(void waits.push(ms));
  const added = (): ReturnType<ShopAdmin["addCodes"]> => Promise.resolve({ outcome: "ok", creationId: "c" });
  return addCodesAndWait({ sleepMs }, buildShopAdmin({ addCodes: added, ...changes }), DISCOUNT, codes);
}

const done = (added: number, failed: number) => () => Promise.resolve({ outcome: "done", added, failed } as const);

test("codes that were all added have no problem, and nobody asks for their results", async () => {
  expect(await add({ pollCodes: done(2, 0) })).toEqual({
    outcome: "done",
    codes: [
      { code: "A", problem: null },
      { code: "B", problem: null },
    ],
  });
});

test("a creation that Shopify does not show yet is waited for, and so are its results", async () => {
  const waits = { outcome: "wait", reason: "creation_not_shown" };
  expect(await add({ pollCodes: () => Promise.resolve({ outcome: "not_found" }) })).toEqual(waits);
  const hidden = () => Promise.resolve({ outcome: "not_found" } as const);
  expect(await add({ pollCodes: done(1, 1), codeResults: hidden })).toEqual(waits);
});

test.each([
  { outcome: "refused", code: "ACCESS_DENIED" },
  { outcome: "throttled", retryAfterMs: 500 },
  { outcome: "unavailable", retryAfterMs: 500 },
  { outcome: "unauthorised" },
] as const)("trouble while it waits or reads the results is passed on as it is: $outcome", async (trouble) => {
  expect(await add({ pollCodes: () => Promise.resolve(trouble) })).toEqual(trouble);
  const results = { pollCodes: done(1, 1), codeResults: () => Promise.resolve(trouble) };
  expect(await add(results)).toEqual(trouble);
});
