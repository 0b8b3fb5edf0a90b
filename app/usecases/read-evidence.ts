import type { Signal } from "#app/data/signals.repo.ts";
import type { OrderLine } from "#app/domain/referral/order-base.ts";
import type { PayableOrder } from "#app/domain/referral/payability.ts";
import { exponentIn, parseCurrency } from "#app/domain/money/currency.ts";
import type { MoneyUnit } from "#app/domain/money/currency.ts";
import { parseMoney } from "#app/domain/money/decimal.ts";
import type { RiskRecommendation } from "#app/domain/screen/features.ts";
import type { ShopKeyring } from "#app/platform/shop-keyring.ts";
import type { Profile } from "#app/platform/sealed-profile.ts";
import { invariant } from "#app/platform/errors.ts";
import type { AdminCard, AdminOrder, AdminOrderLine, CustomerAnswer, ReadTrouble, ShopAdmin } from "./ports.ts";
import type { EvidenceAsked, ShopifyEvidence } from "./evidence-port.ts";

export type ReadEvidence = { readonly outcome: "ok"; readonly evidence: ShopifyEvidence } | ReadTrouble;

/** Reads the order anew, and the two customers. Trouble says nothing about any of them: the whole is asked for again later. */
export async function readEvidence(admin: ShopAdmin, asked: EvidenceAsked): Promise<ReadEvidence> {
  const read = await admin.readEvidence([asked]);
  if (read.outcome !== "ok") return read;
  const [evidence] = read.evidence;
  invariant(evidence !== undefined, "each referral asked about has its answer");
  return { outcome: "ok", evidence };
}

/** Cards as keyed fingerprints: compared, never shown, never proof. */
export function cardSignals(keyring: ShopKeyring, cards: readonly (AdminCard | null)[]): Signal[] {
  return cards
    .filter((card) => card !== null)
    .map((card) => ({
      kind: "card" as const,
      hash: keyring.card([card.bin, card.lastFour, String(card.expiryMonth), String(card.expiryYear), card.brand]),
    }));
}

/** What a note may need of a customer. */
export function profileOfCustomer(customer: CustomerAnswer | null): Partial<Profile> {
  if (customer === null) return {};
  const { customerId, firstName, email, phone, locale } = customer;
  return { customerId, firstName, email, phone, locale };
}

const RISKS: Readonly<Record<AdminOrder["risk"], RiskRecommendation>> = {
  ACCEPT: "accept",
  INVESTIGATE: "investigate",
  CANCEL: "cancel",
  PENDING: "pending",
  NONE: "none",
};

/** Shopify's recommendation in our words; null without an order. */
export function riskOf(order: AdminOrder | null): RiskRecommendation | null {
  return order === null ? null : RISKS[order.risk];
}

/**
 * Makes of Shopify's order what the payout decides on. Amounts are minor units of the order's own currency, which is another
 * than the terms' where the shop changed it since: then they compare with nothing in the terms.
 * @returns null when an amount cannot be read as money of that currency, or when not all lines are known
 */
export function payableOrderOf(order: AdminOrder, personId: string | null, unit: MoneyUnit): PayableOrder | null {
  const currency = parseCurrency(order.currency);
  if (currency === null || order.linesTruncated) return null;
  const exponent = exponentIn(currency, unit);
  const minor = (amount: string): bigint | null => {
    const parsed = parseMoney(amount, currency, exponent);
    return parsed.outcome === "ok" ? parsed.money.minor : null;
  };
  const total = minor(order.totalPrice);
  const lines = order.lines.map((line) => payableLine(line, minor));
  if (total === null || !lines.every((line) => line !== null)) return null;
  return {
    orderId: order.orderId,
    test: order.test,
    cancelledAt: order.cancelledAt?.getTime() ?? null,
    financialStatus: order.financialStatus ?? (order.fullyPaid ? "PAID" : "PENDING"),
    totalMinor: total,
    taxesIncluded: order.taxesIncluded,
    lines,
    personId,
  };
}

function payableLine(line: AdminOrderLine, minor: (amount: string) => bigint | null): OrderLine | null {
  const original = minor(line.originalTotal);
  const discounts = line.allocated.map(minor);
  const taxes = line.taxes.map(minor);
  if (original === null || !discounts.every((d) => d !== null) || !taxes.every((t) => t !== null)) return null;
  return {
    quantity: line.quantity,
    currentQuantity: line.currentQuantity,
    discountedMinor: original - discounts.reduce((sum, d) => sum + d, 0n),
    taxMinor: taxes.reduce((sum, t) => sum + t, 0n),
    isGiftCard: line.giftCard,
    isTip: false,
  };
}
