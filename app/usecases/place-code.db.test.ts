import { afterAll, expect, test } from "vitest";
import type { DiscountParent } from "#app/data/discount-parents.repo.ts";
import { NOON } from "#test/builders/domain.ts";
import { buildScriptedShopify } from "#test/builders/scripted-admin.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { newId } from "#app/platform/ids.ts";
import { placeCode } from "./place-code.ts";
import type { CodePlan } from "./place-code.ts";
import { placeCodes } from "./place-codes.ts";
import type { CodeResult, ShopAdmin } from "./ports.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const SHOP = { shopId: newId(), domain: "freshbox.myshopify.com" };
const DISCOUNT = "gid://shopify/DiscountCodeNode/1";
const TROUBLES = [
  { outcome: "throttled", retryAfterMs: 500 },
  { outcome: "unavailable", retryAfterMs: 500 },
  { outcome: "unauthorised" },
] as const;

function plan(code: string, changes: Partial<DiscountParent> = {}, wasTried = false): CodePlan {
  const made = { id: newId(), state: "ready", externalId: DISCOUNT, firstCode: "FIRST", part: 1 } as const;
  const parent: DiscountParent = { ...made, createdAt: new Date(NOON), ...changes };
  const worth = { kind: "fixed", amount: "10.00" } as const;
  const combinesWith = { order: false, product: false, shipping: false };
  const times = { startsAt: new Date(NOON), endsAt: new Date(NOON + 86_400_000) };
  const draft = { title: "Goodword v1", firstCode: parent.firstCode, worth, ...times, combinesWith };
  return { code, parent, wasTried, draft };
}

function deps(answers: Partial<ShopAdmin>) {
  const clock = { now: () => new Date(NOON) };
  return { pools: db.pools, clock, admin: buildScriptedShopify(answers), sleepMs: () => Promise.resolve() };
}

/** Shopify says this of each code that it was to add. */
function resulting(codes: readonly CodeResult[]): Partial<ShopAdmin> {
  return {
    addCodes: () => Promise.resolve({ outcome: "ok", creationId: "c" }),
    pollCodes: () => Promise.resolve({ outcome: "done", added: 0, failed: codes.length }),
    codeResults: () => Promise.resolve({ outcome: "ok", codes }),
  };
}

const nowhere: Partial<ShopAdmin> = { findCode: () => Promise.resolve({ outcome: "not_found" }) };

test("a code whose result is not shown is waited for, and never sent under another name", async () => {
  const placed = await placeCode(deps(resulting([{ code: "OTHER", problem: null }])), SHOP, plan("MINE"));
  expect(placed).toMatchObject({ outcome: "wait", reason: "code_not_shown" });
});

test("a code that Shopify does not take as a code is refused, not drawn again", async () => {
  const placed = await placeCode(deps(resulting([{ code: "MINE", problem: "invalid" }])), SHOP, plan("MINE"));
  expect(placed).toEqual({ outcome: "refused", code: "INVALID_CODE" });
});

test("a code that is taken but cannot be found is waited for: it may be ours", async () => {
  const answers = { ...resulting([{ code: "MINE", problem: "taken" }]), ...nowhere };
  expect(await placeCode(deps(answers), SHOP, plan("MINE"))).toMatchObject({
    outcome: "wait",
    reason: "taken_but_not_found",
  });
  const taken = { ...nowhere, createDiscountParent: () => Promise.resolve({ outcome: "taken" } as const) };
  const first = plan("FIRST", { state: "new", externalId: null });
  expect(await placeCode(deps(taken), SHOP, first)).toMatchObject({ outcome: "wait", reason: "taken_but_not_found" });
});

test.each(TROUBLES)(
  "nothing is sent while it cannot be looked whether it was sent before: $outcome",
  async (trouble) => {
    const blind: Partial<ShopAdmin> = {
      findCode: () => Promise.resolve(trouble),
      addCodes: () => Promise.reject(new Error("sent blindly")),
      createDiscountParent: () => Promise.reject(new Error("sent blindly")),
    };
    expect(await placeCode(deps(blind), SHOP, plan("MINE", {}, true))).toEqual(trouble);
    const first = plan("FIRST", { state: "new", externalId: null }, true);
    expect(await placeCode(deps(blind), SHOP, first)).toEqual(trouble);
  },
);

test.each([...TROUBLES, { outcome: "refused", code: "ACCESS_DENIED" } as const])(
  "what stops a whole batch stops each of its codes: $outcome",
  async (trouble) => {
    const placed = await placeCodes(deps({ addCodes: () => Promise.resolve(trouble) }), SHOP, [plan("A"), plan("B")]);
    expect(Object.fromEntries(placed)).toEqual({ A: trouble, B: trouble });
  },
);

test("taken codes whose discount cannot be read stay in trouble; the others are placed", async () => {
  const results = resulting([
    { code: "A", problem: null },
    { code: "B", problem: "taken" },
  ]);
  const trouble = { outcome: "throttled", retryAfterMs: 500 } as const;
  const answers = { ...results, codesUnder: () => Promise.resolve(trouble) };
  const placed = await placeCodes(deps(answers), SHOP, [plan("A"), plan("B")]);
  expect(Object.fromEntries(placed)).toEqual({ A: { outcome: "placed", externalId: DISCOUNT }, B: trouble });
});
