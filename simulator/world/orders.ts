import { findCustomer } from "./contacts.ts";
import { addOrder } from "./customer-orders.ts";
import { buildAddress, createCustomer, nameOf, requireCustomer, type AddressInput } from "./customers.ts";
import { countUse } from "./discounts.ts";
import { randomHex } from "./ids.ts";
import { printMinor } from "./money.ts";
import { orderTotals } from "./order-totals.ts";
import { priceCart, type LineInput, type PricedCart, type PricedLine } from "./pricing.ts";
import type { Attribute, Card, Customer, Order, OrderLine, RiskRecommendation, Shop, Transaction } from "./types.ts";
import { announce, later, note, WorldError, type World } from "./world.ts";

export type PlaceOrderInput = {
  /** A customer's id; null: an order without a customer; absent: a guest, found or made by e-mail or phone. */
  readonly customerId?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly phone?: string | null | undefined;
  readonly lines: readonly LineInput[];
  readonly shippingMinor?: bigint | undefined;
  readonly noteAttributes?: readonly Attribute[] | undefined;
  readonly discountCodes?: readonly string[] | undefined;
  readonly landingSite?: string | null | undefined;
  readonly referringSite?: string | null | undefined;
  readonly clientIp?: string | null | undefined;
  readonly userAgent?: string | null | undefined;
  readonly acceptLanguage?: string | null | undefined;
  /** Absent card and gateway: the test card of `DEFAULT_CARD`. */
  readonly card?: Card | undefined;
  readonly gateway?: string | undefined;
  readonly shippingAddress?: AddressInput | null | undefined;
  readonly billingAddress?: AddressInput | null | undefined;
  readonly risk?: RiskRecommendation | undefined;
  readonly sourceName?: string | undefined;
  readonly test?: boolean | undefined;
  readonly createdAt?: Date | undefined;
  readonly processedAt?: Date | undefined;
  readonly paid: boolean;
  readonly cartToken?: string | null | undefined;
  readonly checkoutToken?: string | null | undefined;
  /** True: history; no webhook is sent. */
  readonly silent?: boolean | undefined;
};

export type PlacedOrder = { readonly order: Order; readonly refusedCodes: PricedCart["refused"] };

export const DEFAULT_CARD: Card = {
  bin: "424242",
  last4: "4242",
  expMonth: 12,
  expYear: 2030,
  brand: "Visa",
  name: "Bogus Gateway",
};

/** Risk is worked out after the order is placed: apps see PENDING first. */
const RISK_DELAY_MS = 150;

/**
 * Places an order: prices it, counts the codes it used, writes its transaction, and sends `orders/create`, then
 * `orders/paid` when it is paid, and `orders/risk_assessment_changed` a moment later.
 * Codes that may not be used are left out and returned. Throws WorldError on an unknown customer or an empty order.
 */
export function placeOrder(world: World, shop: Shop, input: PlaceOrderInput): PlacedOrder {
  if (input.lines.length === 0) throw new WorldError("An order needs at least one line.");
  const customer = customerFor(world, shop, input);
  const priced = priceCart(world, shop, {
    lines: input.lines,
    discountCodes: input.discountCodes,
    customerId: customer?.id ?? null,
    shippingMinor: input.shippingMinor,
  });
  const order = buildOrder(world, shop, { input, customer, priced });
  for (const application of order.discountApplications) countUse(shop, application.code, order.customerId);
  order.transactions.push(firstTransaction(world, order, { input, totalMinor: priced.totalMinor }));
  addOrder(shop, order);
  if (input.silent === true) return { order, refusedCodes: priced.refused };
  announce(world, shop, { topic: "orders/create", order });
  if (input.paid) announce(world, shop, { topic: "orders/paid", order });
  note(
    world,
    shop,
    `${customer ? nameOf(customer) : "Somebody"} ordered #${order.number} for ${printMinor(orderTotals(order).totalMinor, shop.currency)} ${shop.currency}`,
  );
  settleRisk(world, shop, order, input.risk ?? "ACCEPT");
  return { order, refusedCodes: priced.refused };
}

function customerFor(world: World, shop: Shop, input: PlaceOrderInput): Customer | null {
  if (input.customerId === null) return null;
  if (input.customerId !== undefined) return requireCustomer(shop, input.customerId);
  const { email, phone } = input;
  if (!email && !phone) return null;
  const known = findCustomer(shop, { email: email ?? null, phone: phone ?? null });
  if (known !== null) return known;
  const address = input.shippingAddress ?? input.billingAddress ?? null;
  return createCustomer(world, shop, {
    email: email ?? null,
    phone: phone ?? null,
    firstName: address?.firstName ?? null,
    lastName: address?.lastName ?? null,
    addresses: address ? [address] : [],
    silent: input.silent,
  });
}

type Basis = { readonly input: PlaceOrderInput; readonly customer: Customer | null; readonly priced: PricedCart };

function buildOrder(world: World, shop: Shop, { input, customer, priced }: Basis): Order {
  const createdAt = input.createdAt ?? world.clock.now();
  const online = (input.sourceName ?? "web") === "web";
  const token = (given: string | null | undefined): string | null =>
    given === undefined && online ? randomHex(16) : (given ?? null);
  return {
    id: world.nextId("Order"),
    number: shop.nextOrderNumber++,
    customerId: customer?.id ?? null,
    email: input.email?.trim().toLowerCase() ?? customer?.email ?? null,
    phone: input.phone ?? customer?.phone ?? null,
    createdAt,
    processedAt: input.processedAt ?? createdAt,
    updatedAt: createdAt,
    cancelledAt: null,
    cancelReason: null,
    edited: false,
    test: input.test ?? false,
    sourceName: input.sourceName ?? "web",
    locale: customer?.locale ?? "en",
    lines: priced.lines.map((line) => buildLine(world, shop, line)),
    discountApplications: priced.applications,
    shippingMinor: priced.shippingMinor,
    taxesIncluded: shop.taxesIncluded,
    noteAttributes: input.noteAttributes ?? [],
    landingSite: input.landingSite ?? null,
    referringSite: input.referringSite ?? null,
    clientIp: input.clientIp ?? null,
    userAgent: input.userAgent ?? null,
    acceptLanguage: input.acceptLanguage ?? null,
    checkoutToken: token(input.checkoutToken),
    cartToken: token(input.cartToken),
    token: randomHex(16),
    gateway: input.gateway ?? "shopify_payments",
    transactions: [],
    refunds: [],
    disputes: [],
    shippingAddress: addressOf(world, input.shippingAddress, customer),
    billingAddress: addressOf(world, input.billingAddress ?? input.shippingAddress, customer),
    risk: input.silent === true ? (input.risk ?? "ACCEPT") : "PENDING",
  };
}

function buildLine(world: World, shop: Shop, { input, taxMinor, allocations }: PricedLine): OrderLine {
  const product = [...shop.products.values()].find((candidate) => candidate.title === input.title);
  return {
    id: world.nextId("LineItem"),
    productId: input.productId ?? product?.id ?? null,
    variantId: input.variantId ?? product?.variantId ?? null,
    title: input.title,
    sku: input.sku ?? null,
    quantity: input.quantity,
    currentQuantity: input.quantity,
    priceMinor: input.priceMinor,
    giftCard: input.giftCard ?? false,
    sellingPlan: input.sellingPlan ?? null,
    taxMinor,
    taxRate: input.giftCard === true ? 0 : shop.taxRate,
    allocations,
  };
}

function addressOf(
  world: World,
  given: AddressInput | null | undefined,
  customer: Customer | null,
): Order["shippingAddress"] {
  if (given === null) return null;
  if (given !== undefined) return buildAddress(world, given, customer);
  return customer?.addresses[0] ?? null;
}

function firstTransaction(
  world: World,
  order: Order,
  { input, totalMinor }: { input: PlaceOrderInput; totalMinor: bigint },
): Transaction {
  const paysByCard = order.gateway === "shopify_payments";
  return {
    id: world.nextId("OrderTransaction"),
    kind: "SALE",
    status: input.paid ? "SUCCESS" : "PENDING",
    gateway: order.gateway,
    amountMinor: totalMinor,
    parentId: null,
    card: paysByCard ? (input.card ?? DEFAULT_CARD) : null,
    createdAt: order.createdAt,
    processedAt: order.processedAt,
  };
}

function settleRisk(world: World, shop: Shop, order: Order, outcome: RiskRecommendation): void {
  if (outcome === "PENDING") return;
  later(world, RISK_DELAY_MS, () => {
    order.risk = outcome;
    order.updatedAt = world.clock.now();
    announce(world, shop, { topic: "orders/risk_assessment_changed", order });
  });
}
