import { markParentGone } from "#app/data/discount-parents.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { addCodesAndWait } from "./add-codes.ts";
import { readyParent } from "./place-code.ts";
import type { CodePlan, PlaceDeps, ShopRef } from "./place-code.ts";
import { waitFor } from "./placed.ts";
import type { PlacedCode } from "./placed.ts";
import type { ShopAdmin } from "./ports.ts";

/** Codes of one call to Shopify that adds them. */
export const CODES_AT_ONCE_MAX = 250;
/** Codes of one search under a discount. */
const CODES_PER_SEARCH = 50;

/**
 * Makes codes of one parent discount exist, each exactly once, with one call for all of them. Adding a code twice is
 * harmless: Shopify calls the second one taken, and taken codes that hang on our discount are ours.
 *
 * @param plans at least one and at most `CODES_AT_ONCE_MAX`, all of one parent
 * @returns what came of each code. One that is missing here is in doubt, and has to be looked at by itself.
 */
export async function placeCodes(
  deps: PlaceDeps,
  shop: ShopRef,
  plans: readonly [CodePlan, ...CodePlan[]],
): Promise<ReadonlyMap<string, PlacedCode>> {
  const admin = deps.admin.forShop(shop.shopId, shop.domain);
  const [some] = plans;
  const { firstCode } = some.parent;
  const parent = await readyParent(deps, admin, shop, plans.find(({ code }) => code === firstCode) ?? some);
  const all = plans.map(({ code }) => code);
  if (parent.outcome !== "ready") return each(all, parent);
  const placed: PlacedCode = { outcome: "placed", externalId: parent.discountId };
  const ofParent = all.includes(firstCode) ? each([firstCode], placed) : each([], placed);
  const rest = all.filter((code) => code !== firstCode);
  if (rest.length === 0) return ofParent;
  return new Map([...ofParent, ...(await addAll(deps, admin, shop, { codes: rest, some, placed }))]);
}

async function addAll(
  deps: PlaceDeps,
  admin: ShopAdmin,
  shop: ShopRef,
  work: { codes: readonly string[]; some: CodePlan; placed: PlacedCode & { outcome: "placed" } },
): Promise<ReadonlyMap<string, PlacedCode>> {
  const { codes, some, placed } = work;
  const added = await addCodesAndWait(deps, admin, placed.externalId, codes);
  switch (added.outcome) {
    case "done": {
      const known = added.codes.filter(({ problem }) => problem === null).map(({ code }) => code);
      const taken = added.codes.filter(({ problem }) => problem === "taken").map(({ code }) => code);
      return new Map([...each(known, placed), ...(await adoptAll(admin, taken, placed))]);
    }
    case "gone":
      // The merchant deleted the discount. Its codes are gone with it; the next run finds a new part for these.
      await inShop(deps.pools, shop.shopId, (tx) => markParentGone(tx, shop.shopId, some.parent.id));
      return each(codes, waitFor("discount_deleted", 0, 1));
    case "wait":
      return each(codes, waitFor(added.reason, 1_000));
    case "refused":
    case "throttled":
    case "unavailable":
    case "unauthorised":
      return each(codes, added);
  }
}

/** Those of the taken codes that hang on our discount are placed; the others stay in doubt. */
async function adoptAll(
  admin: ShopAdmin,
  taken: readonly string[],
  placed: PlacedCode & { outcome: "placed" },
): Promise<ReadonlyMap<string, PlacedCode>> {
  const adopted = new Map<string, PlacedCode>();
  for (let from = 0; from < taken.length; from += CODES_PER_SEARCH) {
    const some = taken.slice(from, from + CODES_PER_SEARCH);
    const found = await admin.codesUnder(placed.externalId, some);
    const result = found.outcome === "ok" ? each(found.codes, placed) : each(some, found);
    for (const [code, what] of result) adopted.set(code, what);
  }
  return adopted;
}

function each(codes: readonly string[], placed: PlacedCode): ReadonlyMap<string, PlacedCode> {
  return new Map(codes.map((code) => [code, placed]));
}
