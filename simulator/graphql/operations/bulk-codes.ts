import { addCode, findCode, removeCode } from "../../world/discounts.ts";
import { gid } from "../../world/ids.ts";
import type { BulkCreation, Discount, RedeemCode } from "../../world/types.ts";
import { later, note } from "../../world/world.ts";
import type { Call, View } from "../call.ts";
import { connection, type PageArgs } from "../connection.ts";
import { codeDiscountNodeView, redeemCodeView } from "../views/discount.ts";
import { dateTime } from "../views/money.ts";
import { codeProblem } from "./discount-create.ts";
import { idOf } from "./ids.ts";
import { refused, userError } from "./user-errors.ts";

/** Codes come into being a moment after the call: the app has to ask again. */
const BULK_DELAY_MS = 120;
const DISCOUNT_MISSING = "Code discount does not exist.";

type BulkDelete = {
  readonly discountId: string;
  readonly ids?: readonly string[] | null;
  readonly search?: string | null;
  readonly savedSearchId?: string | null;
};

/** `discountRedeemCodeBulkAdd` and `discountCodeRedeemCodeBulkDelete`, both asynchronous. */
export function bulkCodeMutations(call: Call): View {
  const find = (id: string): Discount | undefined =>
    call.shop.discounts.get(idOf(id, "DiscountCodeNode", "DiscountNode"));
  return {
    discountRedeemCodeBulkAdd: ({ discountId, codes }: { discountId: string; codes: readonly { code: string }[] }) => {
      const discount = find(discountId);
      if (discount === undefined)
        return refused("bulkCreation", userError(["discountId"], "INVALID", DISCOUNT_MISSING));
      if (codes.length === 0) return refused("bulkCreation", userError(["codes"], "BLANK", "Codes can't be blank"));
      return {
        bulkCreation: bulkCreationView(
          call,
          startBulkCreation(
            call,
            discount,
            codes.map(({ code }) => code),
          ),
        ),
        userErrors: [],
      };
    },
    discountCodeRedeemCodeBulkDelete: (args: BulkDelete) => {
      const discount = find(args.discountId);
      if (discount === undefined) return refused("job", userError(["discountId"], "INVALID", DISCOUNT_MISSING));
      const ways = [args.ids, args.search, args.savedSearchId].filter((way) => way != null).length;
      if (ways === 0)
        return refused(
          "job",
          userError(null, "MISSING_ARGUMENT", "Missing expected argument key: 'ids', 'search' or 'saved_search_id'."),
        );
      if (ways > 1)
        return refused(
          "job",
          userError(null, "TOO_MANY_ARGUMENTS", "Only one of 'ids', 'search' or 'saved_search_id' is allowed."),
        );
      later(call.world, BULK_DELAY_MS, () => {
        for (const code of chosen(discount, args)) removeCode(call.world, call.shop, discount, code);
      });
      return { job: { id: gid("Job", call.world.nextId("Job")), done: false }, userErrors: [] };
    },
  };
}

/** `DiscountRedeemCodeBulkCreation`, as it stands now. */
export function bulkCreationView(call: Call, creation: BulkCreation): View {
  const discount = call.shop.discounts.get(creation.discountId);
  const failed = creation.items.filter((item) => item.error !== null).length;
  return {
    __typename: "DiscountRedeemCodeBulkCreation",
    id: gid("DiscountRedeemCodeBulkCreation", creation.id),
    createdAt: dateTime(creation.createdAt),
    done: creation.done,
    codesCount: creation.items.length,
    importedCount: creation.done ? creation.items.length - failed : 0,
    failedCount: creation.done ? failed : 0,
    discountCode: () => (discount ? codeDiscountNodeView(call, discount) : null),
    codes: (args: PageArgs) =>
      connection(creation.items, args, {
        key: (item) => item.code,
        view: (item) => {
          const redeemCode = item.redeemCodeId === null ? undefined : discount?.codes.get(item.redeemCodeId);
          return {
            code: item.code,
            discountRedeemCode: redeemCode ? redeemCodeView(redeemCode) : null,
            // Recorded answers carry no code for these, only a message.
            errors: item.error === null ? [] : [userError(["code"], null, item.error)],
          };
        },
      }),
  };
}

function startBulkCreation(call: Call, discount: Discount, codes: readonly string[]): BulkCreation {
  const { world, shop } = call;
  const creation: BulkCreation = {
    id: world.nextId("DiscountRedeemCodeBulkCreation"),
    discountId: discount.id,
    createdAt: world.clock.now(),
    done: false,
    items: codes.map((code) => ({ code, error: null, redeemCodeId: null })),
  };
  shop.bulkCreations.set(creation.id, creation);
  later(world, BULK_DELAY_MS, () => {
    for (const item of creation.items) {
      item.error = problemOf(call, item.code);
      if (item.error === null) item.redeemCodeId = addCode(world, shop, discount, item.code).id;
    }
    discount.updatedAt = world.clock.now();
    creation.done = true;
    note(
      world,
      shop,
      `${creation.items.filter((item) => item.error === null).length} code(s) were added to "${discount.title}"`,
    );
  });
  return creation;
}

function problemOf(call: Call, code: string): string | null {
  if (findCode(call.shop, code) !== null) return "must be unique. Please try a different code.";
  return codeProblem(code)?.message.replace(/^Code /, "") ?? null;
}

function chosen(discount: Discount, { ids, search }: BulkDelete): RedeemCode[] {
  if (ids != null) return ids.flatMap((id) => discount.codes.get(idOf(id, "DiscountRedeemCode")) ?? []);
  const wanted = (search ?? "").replace(/^code:/, "").toLowerCase();
  return [...discount.codes.values()].filter(({ code }) => code.toLowerCase() === wanted);
}
