import { z } from "zod";
import { gid } from "../world/ids.ts";
import { parseMinor } from "../world/money.ts";
import type { Customer, Order, Shop } from "../world/types.ts";
import { WorldError, type World } from "../world/world.ts";

export const Instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
export const ShopParams = z.object({ shop: z.string() });
export const IdParams = z.object({ id: z.string() });

/** As much as one call of the control API may ask for at once. */
export const MANY_MAX = 500;

export const AddressBody = z.object({
  firstName: z.string().nullish(),
  lastName: z.string().nullish(),
  company: z.string().nullish(),
  address1: z.string().nullish(),
  address2: z.string().nullish(),
  city: z.string().nullish(),
  province: z.string().nullish(),
  provinceCode: z.string().nullish(),
  zip: z.string().nullish(),
  countryCode: z.string().nullish(),
  phone: z.string().nullish(),
});

export const CardBody = z.object({
  bin: z.string(),
  last4: z.string().length(4),
  expMonth: z.number().int(),
  expYear: z.number().int(),
  brand: z.string().default("Visa"),
  name: z.string().default(""),
});

export const LineBody = z.object({
  title: z.string().min(1),
  price: z.string(),
  quantity: z.number().int().positive().default(1),
  giftCard: z.boolean().optional(),
  sellingPlan: z.string().nullish(),
});

/** Parses a body or parameters; throws WorldError 400 that names what is wrong. */
export function read<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value ?? {});
  if (!parsed.success) throw new WorldError(z.prettifyError(parsed.error), 400);
  return parsed.data;
}

/** Reads a decimal string in the shop's currency; throws WorldError 400 when it is none. */
export function readAmount(shop: Shop, text: string): bigint {
  const minor = parseMinor(text, shop.currency);
  if (minor === null) throw new WorldError(`"${text}" is no amount in ${shop.currency}.`, 400);
  return minor;
}

/** The lines of an order as the world wants them. */
export function readLines(shop: Shop, lines: readonly z.output<typeof LineBody>[]) {
  return lines.map(({ price, ...line }) => ({ ...line, priceMinor: readAmount(shop, price) }));
}

/** An id as the control API answers it. */
export function bothIds(kind: string, id: string): { id: string; gid: string } {
  return { id, gid: gid(kind, id) };
}

/** Finds a customer in whichever shop has it, by number or gid; merged ones give who they became. */
export function customerAnywhere(world: World, id: string): { shop: Shop; customer: Customer } {
  const number = lastPart(id);
  for (const shop of world.shops.values()) {
    const customer = shop.customers.get(shop.mergedCustomers.get(number) ?? number);
    if (customer) return { shop, customer };
  }
  throw new WorldError(`There is no customer ${number}.`, 404);
}

/** Finds an order in whichever shop has it, by number or gid. */
export function orderAnywhere(world: World, id: string): { shop: Shop; order: Order } {
  const number = lastPart(id);
  for (const shop of world.shops.values()) {
    const order = shop.orders.get(number);
    if (order) return { shop, order };
  }
  throw new WorldError(`There is no order ${number}.`, 404);
}

/** "gid://shopify/Order/612" and "612" are both "612". */
export function lastPart(id: string): string {
  const text = decodeURIComponent(id);
  return text.slice(text.lastIndexOf("/") + 1);
}
