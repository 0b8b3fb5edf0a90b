import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Simulator } from "../context.ts";
import { addCode, deleteDiscount, editDiscount, findCode, removeCode } from "../world/discounts.ts";
import type { Discount, Shop } from "../world/types.ts";
import { note, requireShop, WorldError } from "../world/world.ts";
import { Instant, read, readAmount } from "./input.ts";

const Edit = z.object({
  shop: z.string(),
  id: z.string(),
  amount: z.string().optional(),
  endsAt: Instant.nullable().optional(),
  usageLimit: z.number().int().positive().nullable().optional(),
});
const Named = z.object({ shop: z.string(), id: z.string() });
const Code = Named.extend({ code: z.string().min(1) });

/** `/_control/discounts`: what a merchant does to discounts by hand. Ids are those of `/_control/witness`. */
export function registerDiscountControl(server: FastifyInstance, { world }: Simulator): void {
  server.post("/_control/discounts/edit", (request) => {
    const { shop: domain, id, amount, endsAt, usageLimit } = read(Edit, request.body);
    const shop = requireShop(world, domain);
    const discount = discountOf(shop, id);
    const value =
      amount === undefined
        ? undefined
        : ({ kind: "amount", amountMinor: readAmount(shop, amount), onEachItem: false } as const);
    editDiscount(world, discount, { value, endsAt, usageLimit });
    note(world, shop, `The discount "${discount.title}" was changed by hand`);
    return { id };
  });

  server.post("/_control/discounts/delete", (request) => {
    const { shop: domain, id } = read(Named, request.body);
    const shop = requireShop(world, domain);
    deleteDiscount(world, shop, discountOf(shop, id));
    return { id };
  });

  server.post("/_control/discounts/add-code", (request) => {
    const { shop: domain, id, code } = read(Code, request.body);
    const shop = requireShop(world, domain);
    if (findCode(shop, code) !== null) throw new WorldError(`There is a code ${code} already.`, 409);
    addCode(world, shop, discountOf(shop, id), code);
    return { id };
  });

  server.post("/_control/discounts/remove-code", (request) => {
    const { shop: domain, code } = read(Code.omit({ id: true }), request.body);
    const shop = requireShop(world, domain);
    const found = findCode(shop, code);
    if (found === null) throw new WorldError(`There is no code ${code}.`, 404);
    removeCode(world, shop, found.discount, found.redeemCode);
    return { id: found.discount.id };
  });
}

function discountOf(shop: Shop, id: string): Discount {
  const discount = shop.discounts.get(id);
  if (discount === undefined) throw new WorldError(`${shop.domain} has no discount ${id}.`, 404);
  return discount;
}
