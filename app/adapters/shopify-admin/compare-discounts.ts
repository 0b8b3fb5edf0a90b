import type { DiscountOff } from "#app/domain/reconcile/discount-setting.ts";
import type { ReconcileCalls } from "#app/usecases/reconcile-ports.ts";
import { codesOfDiscountOperation, discountsByIdOperation } from "./operations/compare-discounts.graphql.ts";
import type { CodeDiscountNode } from "./operations/compare-discounts.graphql.ts";
import type { AdminTransport } from "./transport.ts";

type ShopRef = { readonly shopId: string; readonly domain: string };

const BASIS_POINTS_PER_WHOLE = 10_000;

/** The calls that read discounts and their codes as the shop has them. */
export function compareCalls(
  transport: AdminTransport,
  shop: ShopRef,
): Pick<ReconcileCalls, "discountsById" | "codesOfDiscount"> {
  return {
    async discountsById(discountIds) {
      const answer = await transport.read(shop, discountsByIdOperation, { ids: discountIds });
      if (answer.outcome !== "ok") return answer;
      const nodes = answer.data.nodes.filter((node) => node !== null);
      const discounts = nodes.map(({ id, codeDiscount }) => ({
        discountId: id,
        off: offOf(codeDiscount),
        endsAt: codeDiscount.endsAt ?? null,
        usageLimit: codeDiscount.usageLimit ?? null,
        oncePerCustomer: codeDiscount.appliesOncePerCustomer ?? false,
      }));
      return { outcome: "ok", discounts };
    },
    async codesOfDiscount({ discountId, after }) {
      const answer = await transport.read(shop, codesOfDiscountOperation, { id: discountId, after });
      if (answer.outcome !== "ok") return answer;
      const page = answer.data.node?.codeDiscount?.codes;
      if (page === undefined) return { outcome: "ok", codes: [], next: null };
      const codes = page.nodes.map(({ code, asyncUsageCount }) => ({
        code: code.toUpperCase(),
        uses: asyncUsageCount,
      }));
      return { outcome: "ok", codes, next: page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null };
    },
  };
}

function offOf({ __typename, customerGets }: CodeDiscountNode): DiscountOff {
  if (__typename === "DiscountCodeFreeShipping") return { kind: "free_shipping" };
  const value = customerGets?.value;
  if (value?.percentage !== undefined)
    return { kind: "percent", basisPoints: Math.round(value.percentage * BASIS_POINTS_PER_WHOLE) };
  if (value?.amount !== undefined && value.appliesOnEachItem !== true)
    return { kind: "fixed", amount: value.amount.amount };
  return { kind: "other" };
}
