import { expect, test } from "vitest";
import { changedFields } from "#app/domain/reconcile/discount-setting.ts";
import { addCode, deleteDiscount, editDiscount } from "#simulator/world/discounts.ts";
import { placeOrder } from "#simulator/world/orders.ts";
import type { DiscountWorth } from "#app/usecases/ports.ts";
import { buildSimulatedAdmin } from "#test/builders/simulated-admin.ts";

const CODE = "ABCD2345EFGH6789";
const ENDS_AT = new Date("2030-03-04T00:00:00Z");

test.each<DiscountWorth>([
  { kind: "fixed", amount: "10.00" },
  { kind: "percent", basisPoints: 1_250 },
  { kind: "free_shipping" },
])(
  "a discount of %j is read as it was made, with its codes and their uses, until somebody changes or deletes it",
  async (worth) => {
    const { admin, shop, world } = await buildSimulatedAdmin();
    const startsAt = new Date(world.clock.now().getTime() - 1_000);
    const combinesWith = { order: false, product: false, shipping: false };
    const draft = { title: "Goodword", firstCode: CODE, worth, startsAt, endsAt: ENDS_AT, combinesWith };
    const made = await admin.createDiscountParent(draft);
    if (made.outcome !== "ok") throw new Error(made.outcome);
    const { discountId } = made;
    const [discount] = shop.discounts.values();
    if (discount === undefined) throw new Error("it was just made");
    for (let number = 0; number < 120; number += 1) addCode(world, shop, discount, `EXTRA${number}`);
    placeOrder(world, shop, {
      email: "mara@example.com",
      lines: [{ title: "Tea", priceMinor: 5_000n, quantity: 1 }],
      shippingMinor: 500n,
      discountCodes: [CODE],
      paid: true,
    });
    const setting = { off: worth, endsAt: ENDS_AT, usageLimit: 1, oncePerCustomer: false };
    const read = async () => {
      const answer = await admin.discountsById([discountId, "gid://shopify/DiscountCodeNode/1"]);
      if (answer.outcome !== "ok") throw new Error(answer.outcome);
      return answer.discounts;
    };
    expect((await read()).map((found) => [found.discountId, changedFields(setting, found)])).toEqual([
      [discountId, []],
    ]);
    const first = await admin.codesOfDiscount({ discountId, after: null });
    if (first.outcome !== "ok") throw new Error(first.outcome);
    expect(first.codes[0]).toEqual({ code: CODE, uses: 1 });
    const second = await admin.codesOfDiscount({ discountId, after: first.next });
    if (second.outcome !== "ok") throw new Error(second.outcome);
    expect([first.codes.length + second.codes.length, second.next]).toEqual([121, null]);
    editDiscount(world, discount, { usageLimit: null, endsAt: null });
    expect(changedFields(setting, (await read())[0] ?? setting)).toEqual(["endsAt", "usageLimit"]);
    deleteDiscount(world, shop, discount);
    expect(await read()).toEqual([]);
    expect(await admin.codesOfDiscount({ discountId, after: null })).toEqual({ outcome: "ok", codes: [], next: null });
  },
);
