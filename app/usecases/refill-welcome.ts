import { appendAudit } from "#app/data/audit.repo.ts";
import { markParentGone } from "#app/data/discount-parents.repo.ts";
import type { DiscountParent } from "#app/data/discount-parents.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import type { KnownShop, ShopDirectory } from "#app/data/shop-directory.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { termsOfVersion } from "#app/data/terms.repo.ts";
import {
  addMintingCodes,
  dropCodesOf,
  dropMintingCode,
  lockWelcomeParent,
  mintingCodes,
  poolCodes,
  welcomeStanding,
} from "#app/data/welcome-codes.repo.ts";
import type { MintingCode } from "#app/data/welcome-codes.repo.ts";
import { formatDecimal } from "#app/domain/money/decimal.ts";
import { rewardCodeFromMac } from "#app/domain/reward/reward-code.ts";
import type { Terms } from "#app/domain/terms/terms.ts";
import type { Clock } from "#app/platform/clock.ts";
import { newId } from "#app/platform/ids.ts";
import type { Logger } from "#app/platform/logger.ts";
import { addCodesAndWait } from "./add-codes.ts";
import { adopt, placeCode } from "./place-code.ts";
import type {
  DiscountParentDraft,
  DiscountWorth,
  OutboxWork,
  ShopAdmin,
  ShopifyAdmin,
  Unauthorised,
  Wait,
  WorkVerdict,
} from "./ports.ts";
import { againAfterTrouble, againLater } from "./verdicts.ts";
import { POOL_FULL } from "./welcome-pool.ts";

export type RefillDeps = {
  readonly pools: Pools;
  readonly clock: Clock;
  readonly shops: ShopDirectory;
  readonly admin: ShopifyAdmin;
  readonly logger: Logger;
  readonly sleepMs: (ms: number) => Promise<void>;
};

/** Codes that one call to Shopify adds. */
const CODES_PER_CALL = 50;
/** What a shop refuses today (a scope, a limit of its plan) it may take tomorrow: nobody is owed these codes yet. */
const REFUSED_AGAIN_MS = 60 * 60_000;

type Plan = {
  readonly parent: DiscountParent;
  readonly draft: DiscountParentDraft;
  readonly codes: readonly MintingCode[];
  /** An earlier run may have sent some of them. */
  readonly wasTried: boolean;
};
type Trouble =
  | { readonly outcome: "wait"; readonly reason: string }
  | { readonly outcome: "refused"; readonly code: string }
  | Wait
  | Unauthorised;

/**
 * Fills the pool of welcome codes of one version of the terms (outbox topic `welcome.refill`). Each code follows from its
 * row, which is written before Shopify is asked; it is given out only once Shopify has it. Whatever fails or runs twice
 * finds the same codes again, so no code is made that nobody knows.
 */
export async function refillWelcome(deps: RefillDeps, row: OutboxWork): Promise<WorkVerdict> {
  const { shopId } = row;
  const termsVersion = row.payload["termsVersion"];
  if (typeof termsVersion !== "number") return { outcome: "dead", reason: "no_terms_named" };
  const shop = await deps.shops.byId(shopId);
  if (shop === null) return { outcome: "dead", reason: "shop_unknown" };
  const plan = await inShop(deps.pools, shopId, (tx) => prepare(tx, shop, termsVersion, deps.clock.now()));
  if (plan === null || plan.codes.length === 0) return { outcome: "done" };
  const trouble = await make(deps, shop, { ...plan, wasTried: plan.wasTried || row.attempts > 1 });
  return trouble === null ? { outcome: "done" } : afterTrouble(deps, row, trouble);
}

/** Writes down what is missing. Two refills at once take turns, and the second finds nothing missing. */
async function prepare(tx: Tx, shop: KnownShop, termsVersion: number, now: Date): Promise<Plan | null> {
  const { shopId } = shop;
  const terms = await termsOfVersion(tx, shopId, termsVersion);
  const worth = worthOf(terms);
  if (terms.currency !== shop.currency) return null;
  if (terms.friend.when !== "on_first_order" || worth === null) return null;
  const first = draw(shop);
  const parent = await lockWelcomeParent(tx, { shopId, id: newId(), termsVersion, firstCode: first.code, now });
  const isNew = parent.firstCode === first.code;
  const { pooled, minting } = await welcomeStanding(tx, shopId, termsVersion);
  const missing = Math.max(0, POOL_FULL - pooled - minting - (isNew ? 1 : 0));
  const codes = [...(isNew ? [first] : []), ...Array.from({ length: missing }, () => draw(shop))];
  await addMintingCodes(tx, { shopId, parentId: parent.id, codes, now });
  return {
    parent,
    codes: await mintingCodes(tx, shopId, parent.id),
    wasTried: minting > 0,
    draft: {
      title: `Goodword welcome v${termsVersion}${parent.part > 1 ? `-p${parent.part}` : ""}`,
      firstCode: parent.firstCode,
      worth,
      startsAt: parent.createdAt,
      endsAt: null,
      oncePerCustomer: true,
      combinesWith: terms.combineWith,
    },
  };
}

/** What the terms take off a friend's first order; null for kinds that are no discount code. */
function worthOf(terms: Terms): DiscountWorth | null {
  const { kind, amountMinor } = terms.friend;
  switch (kind) {
    case "fixed":
      return { kind, amount: formatDecimal({ minor: amountMinor, currency: terms.currency }, terms.exponent) };
    case "percent":
      return { kind, basisPoints: Number(amountMinor) };
    case "free_shipping":
      return { kind };
    case "store_credit":
    case "gift_card":
      return null;
  }
}

function draw(shop: KnownShop): MintingCode {
  const id = newId();
  return { id, code: rewardCodeFromMac(shop.keyring.welcomeCodeMac(id)) };
}

/** @returns null when every code exists, else what came in between. */
async function make(deps: RefillDeps, shop: KnownShop, plan: Plan): Promise<Trouble | null> {
  const { parent, draft, wasTried } = plan;
  const placed = await placeCode(deps, shop, { code: parent.firstCode, parent, draft, wasTried });
  if (placed.outcome !== "placed") return placed;
  const admin = deps.admin.forShop(shop.shopId, shop.domain);
  const pool = (codes: readonly string[]) =>
    inShop(deps.pools, shop.shopId, (tx) =>
      poolCodes(tx, { shopId: shop.shopId, parentId: parent.id, codes, now: deps.clock.now() }),
    );
  await pool([parent.firstCode]);
  const rest = plan.codes.map(({ code }) => code).filter((code) => code !== parent.firstCode);
  for (let from = 0; from < rest.length; from += CODES_PER_CALL) {
    const some = rest.slice(from, from + CODES_PER_CALL);
    const added = await addCodesAndWait(deps, admin, placed.externalId, some);
    if (added.outcome === "gone") return startAnew(deps, shop, parent);
    if (added.outcome !== "done") return added;
    await pool(added.codes.filter(({ problem }) => problem === null).map(({ code }) => code));
    const taken = added.codes.filter(({ problem }) => problem !== null).map(({ code }) => code);
    const trouble = await adoptAll(deps, admin, { shop, discountId: placed.externalId, codes: taken, pool });
    if (trouble !== null) return trouble;
    if (added.codes.length < some.length) return { outcome: "wait", reason: "code_not_shown" };
  }
  return null;
}

/** The merchant deleted the discount, and its codes with it: the next run makes another. */
async function startAnew(deps: RefillDeps, shop: KnownShop, parent: DiscountParent): Promise<Trouble> {
  const { shopId } = shop;
  await inShop(deps.pools, shopId, async (tx) => {
    await markParentGone(tx, shopId, parent.id);
    await dropCodesOf(tx, shopId, parent.id, deps.clock.now());
  });
  return { outcome: "wait", reason: "discount_deleted" };
}

/** Codes that Shopify calls taken are ours when they hang on our discount; another's is never given out. */
async function adoptAll(
  deps: RefillDeps,
  admin: ShopAdmin,
  args: {
    shop: KnownShop;
    discountId: string;
    codes: readonly string[];
    pool: (codes: readonly string[]) => Promise<void>;
  },
): Promise<Trouble | null> {
  for (const code of args.codes) {
    const found = await adopt(admin, code, args.discountId);
    if (found.outcome === "placed") await args.pool([code]);
    else if (found.outcome === "missing") return { outcome: "wait", reason: "taken_but_not_found" };
    else if (found.outcome !== "refused") return found;
    else
      await inShop(deps.pools, args.shop.shopId, (tx) => dropMintingCode(tx, args.shop.shopId, code, deps.clock.now()));
  }
  return null;
}

async function afterTrouble(deps: RefillDeps, row: OutboxWork, trouble: Trouble): Promise<WorkVerdict> {
  const now = deps.clock.now();
  switch (trouble.outcome) {
    case "wait":
      return againLater(now, row.attempts, trouble.reason);
    case "throttled":
    case "unavailable":
    case "unauthorised":
      return againAfterTrouble(now, row.attempts, trouble);
    case "refused": {
      const { shopId } = row;
      const reason = trouble.code;
      deps.logger.error({ shopId, reason }, "the shop refuses the friends' welcome codes");
      const entry = { id: newId(), shopId, at: now, actor: "worker", action: "welcome.blocked", subject: null };
      if (row.attempts <= 1)
        await inShop(deps.pools, shopId, (tx) => appendAudit(tx, { ...entry, detail: { reason } }));
      return { outcome: "again", at: new Date(now.getTime() + REFUSED_AGAIN_MS), reason };
    }
  }
}
