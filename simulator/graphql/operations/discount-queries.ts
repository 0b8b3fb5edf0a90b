import { discountStatus, findCode } from "../../world/discounts.ts";
import type { Discount } from "../../world/types.ts";
import type { Call, View } from "../call.ts";
import { connection, type PageArgs } from "../connection.ts";
import { searchFilter, type Searchable } from "../search.ts";
import { codeDiscountNodeView, discountNodeView } from "../views/discount.ts";
import { bulkCreationView } from "./bulk-codes.ts";
import { idOf } from "./ids.ts";

type DiscountArgs = PageArgs & { readonly query?: string | null; readonly sortKey?: string | null };

/** `discountNodes`, `codeDiscountNodes`, `codeDiscountNodeByCode` (any of the codes, case ignored) and their single forms. */
export function discountQueries(call: Call): View {
  const { discounts, bulkCreations } = call.shop;
  const page = (args: DiscountArgs, view: (call: Call, discount: Discount) => View): View => {
    const passes = searchFilter(args.query, searchable(call));
    const sorted = [...discounts.values()].filter(passes).toSorted((a, b) => Number(a.id) - Number(b.id));
    return connection(sorted, args, { key: (discount) => discount.id, view: (discount) => view(call, discount) });
  };
  const find = (id: string): Discount | undefined =>
    discounts.get(idOf(id, "DiscountCodeNode", "DiscountNode", "DiscountCodeBasic"));
  return {
    discountNodes: (args: DiscountArgs) => page(args, discountNodeView),
    codeDiscountNodes: (args: DiscountArgs) => page(args, codeDiscountNodeView),
    discountNode: ({ id }: { id: string }) => {
      const discount = find(id);
      return discount ? discountNodeView(call, discount) : null;
    },
    codeDiscountNode: ({ id }: { id: string }) => {
      const discount = find(id);
      return discount ? codeDiscountNodeView(call, discount) : null;
    },
    codeDiscountNodeByCode: ({ code }: { code: string }) => {
      const found = findCode(call.shop, code);
      return found ? codeDiscountNodeView(call, found.discount) : null;
    },
    discountRedeemCodeBulkCreation: ({ id }: { id: string }) => {
      const creation = bulkCreations.get(idOf(id, "DiscountRedeemCodeBulkCreation"));
      return creation ? bulkCreationView(call, creation) : null;
    },
  };
}

const SEARCH_TYPES = { percentage: "percentage", amount: "fixed_amount", free_shipping: "free_shipping" } as const;

function searchable(call: Call): Searchable<Discount> {
  return {
    id: (discount) => Number(discount.id),
    title: (discount) => discount.title,
    status: (discount) => discountStatus(discount, call.world.clock.now()),
    method: () => "code",
    type: (discount) => SEARCH_TYPES[discount.value.kind],
    created_at: (discount) => discount.createdAt,
    updated_at: (discount) => discount.updatedAt,
    starts_at: (discount) => discount.startsAt,
    ends_at: (discount) => discount.endsAt,
  };
}
