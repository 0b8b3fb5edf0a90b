import { markParentBlocked, markParentGone, markParentReady } from "#app/data/discount-parents.repo.ts";
import type { DiscountParent } from "#app/data/discount-parents.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import { inShop } from "#app/data/tenant.ts";
import { addCodesAndWait } from "#app/usecases/add-codes.ts";
import type { Clock } from "#app/platform/clock.ts";
import { waitFor } from "#app/usecases/placed.ts";
import type { PlacedCode } from "#app/usecases/placed.ts";
import type {
  DiscountParentDraft,
  ReadTrouble,
  ShopAdmin,
  ShopifyAdmin,
  Unauthorised,
  Wait,
} from "#app/usecases/ports.ts";

export type CodePlan = {
  readonly code: string;
  readonly parent: DiscountParent;
  readonly draft: DiscountParentDraft;
  /** An earlier run may have sent this code: look before sending. */
  readonly wasTried: boolean;
};

export type PlaceDeps = {
  pools: Pools;
  clock: Clock;
  admin: ShopifyAdmin;
  sleepMs: (ms: number) => Promise<void>;
};
export type ShopRef = { readonly shopId: string; readonly domain: string };
type ParentReady = { readonly outcome: "ready"; readonly discountId: string };

/** For so long the creation of a parent is left to the reward whose code names it. */
const LEFT_TO_FIRST_MS = 60_000;

/**
 * Makes a code exist under its parent discount, exactly once, whatever happened before. Never invents another code: one
 * that Shopify calls taken but does not show is waited for.
 */
export async function placeCode(deps: PlaceDeps, shop: ShopRef, plan: CodePlan): Promise<PlacedCode> {
  const admin = deps.admin.forShop(shop.shopId, shop.domain);
  const parent = await readyParent(deps, admin, shop, plan);
  if (parent.outcome !== "ready") return parent;
  if (plan.code === plan.parent.firstCode) return { outcome: "placed", externalId: parent.discountId };
  if (plan.wasTried) {
    const found = await adopt(admin, plan.code, parent.discountId);
    if (found.outcome !== "missing") return found;
  }
  const added = await addCode(deps, admin, plan.code, parent.discountId);
  if (added.outcome !== "gone") return added;
  // The merchant deleted the discount. Its codes are gone with it; the next run finds a new part for this one.
  await inShop(deps.pools, shop.shopId, (tx) => markParentGone(tx, shop.shopId, plan.parent.id));
  return waitFor("discount_deleted", 0, 1);
}

/** The discount that a code goes under: there already, or made now by the one whose code is its first. */
export async function readyParent(
  deps: PlaceDeps,
  admin: ShopAdmin,
  shop: ShopRef,
  plan: CodePlan,
): Promise<ParentReady | PlacedCode> {
  const { parent, draft } = plan;
  if (parent.externalId !== null) return { outcome: "ready", discountId: parent.externalId };
  const isFirst = plan.code === parent.firstCode;
  const ageMs = deps.clock.now().getTime() - parent.createdAt.getTime();
  if (!isFirst && ageMs < LEFT_TO_FIRST_MS) return waitFor("parent_being_made", 500, 1);
  if (!isFirst || plan.wasTried) {
    const found = await findParent(admin, draft);
    if (found.outcome !== "missing") return keep(deps, shop, plan, found);
  }
  const created = await admin.createDiscountParent(draft);
  switch (created.outcome) {
    case "ok":
      return keep(deps, shop, plan, { outcome: "ready", discountId: created.discountId });
    case "taken": {
      const found = await findParent(admin, draft);
      return found.outcome === "missing" ? waitFor("taken_but_not_found", 1_000) : keep(deps, shop, plan, found);
    }
    case "unknown":
      return waitFor("outcome_unknown", 1_000);
    case "refused":
    case "throttled":
    case "unavailable":
    case "unauthorised":
      return keep(deps, shop, plan, created);
  }
}

async function keep(
  deps: PlaceDeps,
  shop: ShopRef,
  plan: CodePlan,
  parent: ParentReady | { readonly outcome: "refused"; readonly code: string } | Wait | Unauthorised,
): Promise<ParentReady | PlacedCode> {
  const { shopId } = shop;
  if (parent.outcome === "ready")
    await inShop(deps.pools, shopId, (tx) => markParentReady(tx, shopId, plan.parent.id, parent.discountId));
  if (parent.outcome === "refused")
    await inShop(deps.pools, shopId, (tx) => markParentBlocked(tx, shopId, plan.parent.id));
  return parent;
}

/** A discount that holds the parent's first code. The code is a secret of 80 bits; the title tells ours from a copy. */
async function findParent(
  admin: ShopAdmin,
  draft: DiscountParentDraft,
): Promise<ParentReady | { readonly outcome: "missing" } | ReadTrouble> {
  const found = await admin.findCode(draft.firstCode);
  if (found.outcome === "not_found") return { outcome: "missing" };
  if (found.outcome !== "found") return found;
  if (found.title !== draft.title) return { outcome: "refused", code: "CODE_OF_ANOTHER_DISCOUNT" };
  return { outcome: "ready", discountId: found.discountId };
}

/** Whether a code that exists belongs to this discount: then it is ours. */
export async function adopt(
  admin: ShopAdmin,
  code: string,
  discountId: string,
): Promise<
  { readonly outcome: "placed"; readonly externalId: string } | { readonly outcome: "missing" } | ReadTrouble
> {
  const found = await admin.findCode(code);
  if (found.outcome === "not_found") return { outcome: "missing" };
  if (found.outcome !== "found") return found;
  if (found.discountId !== discountId) return { outcome: "refused", code: "CODE_OF_ANOTHER_DISCOUNT" };
  return { outcome: "placed", externalId: discountId };
}

async function addCode(
  deps: PlaceDeps,
  admin: ShopAdmin,
  code: string,
  discountId: string,
): Promise<PlacedCode | { outcome: "gone" }> {
  const added = await addCodesAndWait(deps, admin, discountId, [code]);
  if (added.outcome === "wait") return waitFor(added.reason, 1_000);
  return added.outcome === "done" ? afterCreation(admin, code, discountId, added.codes) : added;
}

async function afterCreation(
  admin: ShopAdmin,
  code: string,
  discountId: string,
  codes: readonly { readonly code: string; readonly problem: "taken" | "invalid" | null }[],
): Promise<PlacedCode> {
  const own = codes.find((result) => result.code === code);
  if (own === undefined) return waitFor("code_not_shown", 1_000);
  if (own.problem === null) return { outcome: "placed", externalId: discountId };
  if (own.problem === "invalid") return { outcome: "refused", code: "INVALID_CODE" };
  const found = await adopt(admin, code, discountId);
  return found.outcome === "missing" ? waitFor("taken_but_not_found", 1_000) : found;
}
