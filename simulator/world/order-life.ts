import { dropOrder } from "./customer-orders.ts";
import type { LineDelta } from "./events.ts";
import { allocate } from "./money.ts";
import { financialStatus, lineDiscountMinor, orderTotals } from "./order-totals.ts";
import type { LineInput } from "./pricing.ts";
import type { Dispute, Order, OrderLine, Refund, RefundLine, Shop, Transaction } from "./types.ts";
import { announce, note, WorldError, type World } from "./world.ts";

/** Pays an order that was pending and sends `orders/paid`. Throws WorldError 409 when there is nothing to pay. */
export function payOrder(world: World, shop: Shop, order: Order): void {
  const pending = order.transactions.filter((transaction) => transaction.status === "PENDING");
  if (pending.length === 0 || order.cancelledAt !== null)
    throw new WorldError(`Order #${order.number} has nothing to pay.`, 409);
  const now = touch(world, order);
  for (const transaction of pending) {
    transaction.status = "SUCCESS";
    transaction.processedAt = now;
  }
  announce(world, shop, { topic: "orders/paid", order });
  note(world, shop, `Order #${order.number} was paid`);
}

export type RefundInput =
  | { readonly full: true }
  | { readonly amountMinor: bigint }
  | { readonly lines: readonly { readonly lineId: string; readonly quantity: number }[] };

/**
 * Gives money back, for goods or as a bare amount, and sends `refunds/create`.
 * Throws WorldError when nothing was paid or more is asked back than there is.
 */
export function refundOrder(world: World, shop: Shop, order: Order, input: RefundInput): Refund {
  const { receivedMinor, refundedMinor } = orderTotals(order);
  const leftMinor = receivedMinor - refundedMinor;
  const lines = refundLines(world, order, input);
  const goodsMinor = lines.reduce(
    (sum, line) => sum + line.subtotalMinor + (order.taxesIncluded ? 0n : line.taxMinor),
    0n,
  );
  const totalMinor = "full" in input ? leftMinor : "amountMinor" in input ? input.amountMinor : goodsMinor;
  if (totalMinor <= 0n || totalMinor > leftMinor)
    throw new WorldError(`Order #${order.number} has not that much to give back.`);
  const now = touch(world, order);
  const sale = order.transactions.find(
    (transaction) => transaction.kind === "SALE" && transaction.status === "SUCCESS",
  );
  const transaction: Transaction = {
    id: world.nextId("OrderTransaction"),
    kind: "REFUND",
    status: "SUCCESS",
    gateway: order.gateway,
    amountMinor: totalMinor,
    parentId: sale?.id ?? null,
    card: sale?.card ?? null,
    createdAt: now,
    processedAt: now,
  };
  const refund: Refund = {
    id: world.nextId("Refund"),
    createdAt: now,
    note: null,
    lines,
    transactions: [transaction],
    totalMinor,
  };
  for (const refundLine of lines) {
    const line = order.lines.find((candidate) => candidate.id === refundLine.lineId);
    if (line) line.currentQuantity -= refundLine.quantity;
  }
  order.transactions.push(transaction);
  order.refunds.push(refund);
  announce(world, shop, { topic: "refunds/create", order, refund });
  note(world, shop, `Order #${order.number} was refunded`);
  return refund;
}

/** Cancels an order: what was paid is refunded, what was not is voided; sends `orders/cancelled` (and `refunds/create`). */
export function cancelOrder(
  world: World,
  shop: Shop,
  order: Order,
  options: { reason?: NonNullable<Order["cancelReason"]> | undefined; refund?: boolean | undefined } = {},
): void {
  if (order.cancelledAt !== null) throw new WorldError(`Order #${order.number} is cancelled already.`, 409);
  const now = touch(world, order);
  order.cancelledAt = now;
  order.cancelReason = options.reason ?? "CUSTOMER";
  const { receivedMinor, refundedMinor } = orderTotals(order);
  if (financialStatus(order) === "PENDING") voidPending(world, order, now);
  else if ((options.refund ?? true) && receivedMinor > refundedMinor) refundOrder(world, shop, order, { full: true });
  for (const line of order.lines) line.currentQuantity = 0;
  announce(world, shop, { topic: "orders/cancelled", order });
  note(world, shop, `Order #${order.number} was cancelled`);
}

/** Opens a charge-back over the whole order and sends `disputes/create`. */
export function disputeOrder(world: World, shop: Shop, order: Order, reason = "fraudulent"): Dispute {
  const dispute: Dispute = {
    id: world.nextId("OrderDispute"),
    initiatedAt: touch(world, order),
    amountMinor: orderTotals(order).totalMinor,
    reason,
    status: "NEEDS_RESPONSE",
  };
  order.disputes.push(dispute);
  announce(world, shop, { topic: "disputes/create", order, dispute });
  note(world, shop, `A bank disputes order #${order.number}`);
  return dispute;
}

/** Replaces what an order holds by `lines` (matched by title), without new discounts, and sends `orders/edited`. */
export function editOrder(world: World, shop: Shop, order: Order, lines: readonly LineInput[]): void {
  const additions: LineDelta[] = [];
  const removals: LineDelta[] = [];
  for (const line of order.lines) {
    const wanted = lines.find((candidate) => candidate.title === line.title)?.quantity ?? 0;
    if (wanted < line.currentQuantity) removals.push({ lineId: line.id, delta: line.currentQuantity - wanted });
    line.currentQuantity = Math.min(line.currentQuantity, wanted);
  }
  for (const input of lines) {
    const held = order.lines
      .filter((line) => line.title === input.title)
      .reduce((sum, line) => sum + line.currentQuantity, 0);
    if (held >= input.quantity) continue;
    const added = addedLine(world, { ...input, quantity: input.quantity - held });
    order.lines = [...order.lines, added];
    additions.push({ lineId: added.id, delta: added.quantity });
  }
  order.edited = true;
  touch(world, order);
  announce(world, shop, { topic: "orders/edited", order, additions, removals });
}

/** Deletes an order and sends `orders/delete`. */
export function deleteOrder(world: World, shop: Shop, order: Order): void {
  dropOrder(shop, order);
  announce(world, shop, { topic: "orders/delete", order });
}

function touch(world: World, order: Order): Date {
  order.updatedAt = world.clock.now();
  return order.updatedAt;
}

function voidPending(world: World, order: Order, now: Date): void {
  const pending = order.transactions.find((transaction) => transaction.status === "PENDING");
  if (pending === undefined) return;
  pending.status = "FAILURE";
  order.transactions.push({
    ...pending,
    id: world.nextId("OrderTransaction"),
    kind: "VOID",
    status: "SUCCESS",
    parentId: pending.id,
    createdAt: now,
    processedAt: now,
  });
}

function refundLines(world: World, order: Order, input: RefundInput): RefundLine[] {
  if ("amountMinor" in input) return [];
  const wanted =
    "full" in input ? order.lines.map((line) => ({ lineId: line.id, quantity: line.currentQuantity })) : input.lines;
  return wanted
    .filter(({ quantity }) => quantity > 0)
    .map(({ lineId, quantity }) => {
      const line = order.lines.find((candidate) => candidate.id === lineId);
      if (line === undefined || quantity > line.currentQuantity) {
        throw new WorldError(`Order #${order.number} has no ${quantity} left of line ${lineId}.`);
      }
      return {
        id: world.nextId("RefundLineItem"),
        lineId,
        quantity,
        subtotalMinor: line.priceMinor * BigInt(quantity) - partOf(line, lineDiscountMinor(line), quantity),
        taxMinor: partOf(line, line.taxMinor, quantity),
      };
    });
}

function partOf(line: OrderLine, amountMinor: bigint, quantity: number): bigint {
  const [part = 0n] = allocate(amountMinor, [BigInt(quantity), BigInt(line.quantity - quantity)]);
  return part;
}

function addedLine(world: World, input: LineInput): OrderLine {
  return {
    id: world.nextId("LineItem"),
    productId: input.productId ?? null,
    variantId: input.variantId ?? null,
    title: input.title,
    sku: input.sku ?? null,
    quantity: input.quantity,
    currentQuantity: input.quantity,
    priceMinor: input.priceMinor,
    giftCard: input.giftCard ?? false,
    sellingPlan: input.sellingPlan ?? null,
    taxMinor: 0n,
    taxRate: 0,
    allocations: [],
  };
}
