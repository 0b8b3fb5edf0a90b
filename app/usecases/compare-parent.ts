import { keepDifferences, knownCodes, liveCodes } from "#app/data/differences.repo.ts";
import type { ComparedParent, FoundDifference, LiveCode } from "#app/data/differences.repo.ts";
import { markParentGone } from "#app/data/discount-parents.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { termsOfVersion } from "#app/data/terms.repo.ts";
import { exponentOf, parseCurrency } from "#app/domain/money/currency.ts";
import { formatDecimal } from "#app/domain/money/decimal.ts";
import { changedFields } from "#app/domain/reconcile/discount-setting.ts";
import type { DiscountOff, DiscountSetting } from "#app/domain/reconcile/discount-setting.ts";
import { COUPON_UNIT } from "#app/domain/reward/reward-value.ts";
import type { Terms } from "#app/domain/terms/terms.ts";
import type { Clock } from "#app/platform/clock.ts";
import type { Round } from "./compare-round.ts";
import type { ReadTrouble, ShopAdmin, ShopifyAdmin } from "./ports.ts";
import type { FoundDiscount } from "./reconcile-ports.ts";

type Deps = { readonly pools: Pools; readonly clock: Clock; readonly admin: ShopifyAdmin };
type Work = { readonly parent: ComparedParent; readonly discount: FoundDiscount | null; readonly round: Round };
type Listed = ReadonlyMap<string, number>;

/** Ten thousand codes of one discount: no week of a shop comes near. */
const CODE_PAGES_MAX = 100;

/**
 * Compares one discount with the books. What the books have is read before Shopify is asked and again after, so that a code
 * which comes or goes meanwhile is no difference.
 */
export async function compareParent(
  deps: Deps,
  shop: KnownShop,
  { parent, discount, round }: Work,
): Promise<{ readonly outcome: "ok"; readonly round: Round; readonly pages: number } | ReadTrouble> {
  const { shopId } = shop;
  const admin = deps.admin.forShop(shopId, shop.domain);
  const before = await inShop(deps.pools, shopId, (tx) => liveOf(tx, deps, shopId, parent));
  const listing = discount === null ? NOTHING_LISTED : await listCodes(admin, parent.discountId);
  if (listing.outcome !== "ok") return listing;
  const { listed, isWhole, pages } = listing;
  return inShop(deps.pools, shopId, async (tx) => {
    const now = deps.clock.now();
    const still = new Set((await liveOf(tx, deps, shopId, parent)).map(({ code }) => code));
    const live = before.filter(({ code }) => still.has(code));
    const known = new Map((await knownCodes(tx, shopId, [...listed.keys()])).map((one) => [one.code, one]));
    const unheard = [...listed].filter(([code, uses]) => uses > 0 && known.get(code)?.used === false);
    const seen = unheard.map(([code]) => code);
    const found =
      discount === null
        ? missingDiscount(parent, live)
        : [
            ...(await editedDiscount(tx, shopId, parent, discount)),
            ...live.filter(({ code }) => isWhole && !listed.has(code)).map(missingCode),
            ...[...listed].filter(([code]) => !known.has(code)).map(([code, uses]) => unknownCode(code, uses)),
            ...seen
              .filter((code) => round.suspects.includes(code))
              .map((code) => usedCode(code, known.get(code)?.rewardId)),
          ];
    if (discount === null && live.length === 0) await markParentGone(tx, shopId, parent.id);
    const opened = await keepDifferences(tx, { shopId, parentId: parent.id, found, now });
    const next = { ...round, after: parent.id, seen: [...round.seen, ...seen], opened: round.opened + opened };
    return { outcome: "ok", round: next, pages };
  });
}

function liveOf(tx: Tx, deps: Deps, shopId: string, parent: ComparedParent): Promise<LiveCode[]> {
  return liveCodes(tx, { shopId, parentId: parent.id, discountId: parent.discountId, now: deps.clock.now() });
}

/** `isWhole`: every code of the discount is on it, so that what is not was taken away. */
type Listing = { readonly outcome: "ok"; readonly listed: Listed; readonly isWhole: boolean; readonly pages: number };
const NOTHING_LISTED: Listing = { outcome: "ok", listed: new Map(), isWhole: true, pages: 0 };

async function listCodes(admin: ShopAdmin, discountId: string): Promise<Listing | ReadTrouble> {
  const listed = new Map<string, number>();
  let after: string | null = null;
  for (let page = 1; page <= CODE_PAGES_MAX; page += 1) {
    const answer: Awaited<ReturnType<ShopAdmin["codesOfDiscount"]>> = await admin.codesOfDiscount({
      discountId,
      after,
    });
    if (answer.outcome !== "ok") return answer;
    for (const { code, uses } of answer.codes) listed.set(code, uses);
    after = answer.next;
    if (after === null) return { outcome: "ok", listed, isWhole: true, pages: page };
  }
  return { outcome: "ok", listed, isWhole: false, pages: CODE_PAGES_MAX };
}

function missingDiscount(parent: ComparedParent, live: readonly LiveCode[]): FoundDifference[] {
  if (live.length === 0) return [];
  return [{ kind: "discount_missing", subject: parent.discountId, rewardId: null, detail: { codes: live.length } }];
}

async function editedDiscount(
  tx: Tx,
  shopId: string,
  parent: ComparedParent,
  discount: FoundDiscount,
): Promise<FoundDifference[]> {
  const terms = await termsOfVersion(tx, shopId, parent.termsVersion);
  const fields = changedFields(settingOf(parent, terms), discount);
  if (fields.length === 0) return [];
  return [{ kind: "discount_edited", subject: parent.discountId, rewardId: null, detail: { fields } }];
}

function missingCode({ code, rewardId }: LiveCode): FoundDifference {
  return { kind: "code_missing", subject: code, rewardId, detail: {} };
}

function unknownCode(code: string, uses: number): FoundDifference {
  return { kind: "code_unknown", subject: code, rewardId: null, detail: { uses } };
}

function usedCode(code: string, rewardId: string | null = null): FoundDifference {
  return { kind: "used_without_order", subject: code, rewardId, detail: {} };
}

/** What the discount was made as. */
function settingOf(parent: ComparedParent, terms: Terms): DiscountSetting {
  const isWelcome = parent.kind === "welcome";
  return { off: offOf(parent, terms), endsAt: parent.expiresAt, usageLimit: 1, oncePerCustomer: isWelcome };
}

function offOf({ unit, amount, side }: ComparedParent, terms: Terms): DiscountOff {
  const offer = side === 1 ? terms.referrer : terms.friend;
  const { currency, exponent } = terms;
  const fixed = (minor: bigint): DiscountOff => ({
    kind: "fixed",
    amount: formatDecimal({ minor, currency }, exponent),
  });
  const own = unit === null || unit === COUPON_UNIT ? null : parseCurrency(unit);
  if (own !== null && amount !== null)
    return { kind: "fixed", amount: formatDecimal({ minor: amount, currency: own }, exponentOf(own)) };
  if (offer.kind === "percent") return { kind: "percent", basisPoints: Number(offer.amountMinor) };
  return offer.kind === "free_shipping" ? { kind: "free_shipping" } : fixed(offer.amountMinor);
}
