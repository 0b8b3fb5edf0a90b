import type { AttributionFacts } from "#app/domain/attribution/attribution-facts.ts";
import type { ClickEvidence } from "#app/domain/attribution/click-evidence.ts";
import type { BindFacts, CustomerFacts } from "#app/domain/event/customer-facts.ts";
import type { OrderFacts } from "#app/domain/event/order-facts.ts";
import type { PersonFacts } from "#app/domain/event/person-facts.ts";
import type { CurrencyCode } from "#app/domain/money/currency.ts";
import { exponentOf, parseCurrency } from "#app/domain/money/currency.ts";
import type { Money } from "#app/domain/money/money.ts";
import type { MergingPerson, MergingReferral } from "#app/domain/person/merge-plan.ts";
import type { OrderLine } from "#app/domain/referral/order-base.ts";
import type { PayableOrder, PayableReferral } from "#app/domain/referral/payability.ts";
import type { ScreenFeatures } from "#app/domain/screen/features.ts";
import { NO_FEATURES } from "#app/domain/screen/features.ts";
import type { Terms } from "#app/domain/terms/terms.ts";
import { defaultTerms } from "#app/domain/terms/terms.ts";

export const DAY_MS = 86_400_000;
/** Friday 2026-11-20, noon in UTC: the moment around which every built fact lies. */
export const NOON = 1_795_176_000_000;

/** The platform's own reading of a moment, to hold ours against. */
export function platformDate(epochMs: number): Date {
  return new Date(epochMs);
}

/** A currency that a test knows to be one. */
export function currency(code: string): CurrencyCode {
  const parsed = parseCurrency(code);
  if (parsed === null) throw new Error(`${code} is no currency`);
  return parsed;
}

export function money(minor: bigint, code = "GBP"): Money {
  return { minor, currency: currency(code) };
}

/** The default terms of a shop with this currency. */
export function buildTerms(changes: Partial<Terms> = {}, code = "GBP"): Terms {
  return { ...defaultTerms(currency(code), exponentOf(currency(code))), ...changes };
}

/** 64 hex digits that differ by `seed`. */
export function hash(seed: string): string {
  return Array.from({ length: 64 }, (_, place) =>
    ((seed.charCodeAt(place % seed.length) * (place + 1)) % 16).toString(16),
  ).join("");
}

export function buildPerson(changes: Partial<PersonFacts> = {}): PersonFacts {
  return {
    customerId: "7001",
    customerHash: hash("customer"),
    emailHash: hash("email"),
    phoneHash: null,
    profileSealed: "c2VhbGVk",
    emailDomain: "other",
    ...changes,
  };
}

export function buildCustomerFacts(changes: Partial<CustomerFacts> = {}): CustomerFacts {
  return {
    kind: "customer",
    person: buildPerson(),
    createdAt: NOON,
    updatedAt: NOON,
    state: "enabled",
    token: null,
    ...changes,
  };
}

export function buildBindFacts(changes: Partial<BindFacts> = {}): BindFacts {
  return { kind: "bind", person: buildPerson(), tokens: ["token"], device: null, at: NOON, ...changes };
}

/** A paid first order with no evidence of a click. */
export function buildOrderFacts(changes: Partial<OrderFacts> = {}): OrderFacts {
  return {
    kind: "order",
    orderId: "5001",
    person: buildPerson(),
    createdAt: NOON,
    processedAt: NOON,
    updatedAt: NOON,
    paidAt: NOON,
    cancelledAt: null,
    test: false,
    financialStatus: "paid",
    sourceName: "web",
    currency: "GBP",
    totalPrice: "42.00",
    discountCodes: [],
    discounts: [],
    tokens: { cartAttribute: [], landingSite: [] },
    device: null,
    cartAt: null,
    ipHash: null,
    ipHashBefore: null,
    prefixHash: null,
    agentHash: null,
    agentIsBot: false,
    addressHash: null,
    addressParts: null,
    renewal: false,
    checkoutTokenHash: null,
    cartTokenHash: null,
    ...changes,
  };
}

/** A click that counts: made an hour before noon on an active code of somebody else. */
export function buildClick(changes: Partial<ClickEvidence> = {}): ClickEvidence {
  const clickedAt = changes.clickedAt ?? NOON - 3_600_000;
  return {
    clickId: "click-1",
    code: "DAN42",
    codeId: "code-1",
    referrerPerson: "person-dan",
    clickedAt,
    expiresAt: clickedAt + 30 * DAY_MS,
    flags: 0,
    device: null,
    carrier: "cart_attribute",
    codeState: "active",
    codeRetiredReason: null,
    codeRetiredAt: null,
    campaignOpenAtClick: true,
    isOwnersClick: false,
    cartTokenHash: null,
    isUnseen: false,
    newCustomerDays: null,
    ...changes,
  };
}

/** Somebody new, at noon, with one click that counts. */
export function buildAttributionFacts(changes: Partial<AttributionFacts> = {}): AttributionFacts {
  return {
    at: NOON,
    cartAt: null,
    device: null,
    cartTokenHash: null,
    friend: {
      personId: "person-mara",
      firstOrderAt: null,
      lastOrderAt: null,
      hasLiveReferral: false,
      hasRewardedReferral: false,
    },
    clicks: [buildClick()],
    ...changes,
  };
}

export function buildLine(changes: Partial<OrderLine> = {}): OrderLine {
  return {
    quantity: 1,
    currentQuantity: 1,
    discountedMinor: 4_200n,
    taxMinor: 700n,
    isGiftCard: false,
    isTip: false,
    ...changes,
  };
}

export function buildPayableOrder(changes: Partial<PayableOrder> = {}): PayableOrder {
  return {
    orderId: "5001",
    test: false,
    cancelledAt: null,
    financialStatus: "PAID",
    totalMinor: 4_200n,
    taxesIncluded: true,
    lines: [buildLine()],
    personId: "person-mara",
    ...changes,
  };
}

/** A referral whose order was paid at noon and whose fourteen days of cooling-off are over two weeks later. */
export function buildPayableReferral(changes: Partial<PayableReferral> = {}): PayableReferral {
  return {
    friendPerson: "person-mara",
    orderAt: NOON,
    paidAt: NOON,
    eligibleAt: NOON + 14 * DAY_MS,
    snapshot: null,
    ...changes,
  };
}

export function buildFeatures(changes: Partial<ScreenFeatures> = {}): ScreenFeatures {
  return { ...NO_FEATURES, ...changes };
}

export function buildMergingPerson(changes: Partial<MergingPerson> = {}): MergingPerson {
  return { personId: "person-a", createdAt: NOON, code: null, ...changes };
}

export function buildMergingReferral(changes: Partial<MergingReferral> = {}): MergingReferral {
  return {
    referralId: "referral-1",
    state: "PENDING",
    friendPerson: "person-a",
    referrerPerson: "person-dan",
    hasOrder: false,
    openedAt: NOON,
    ...changes,
  };
}

/** An instant from its ISO text; the domain itself is handed its times. */
export function instantOf(text: string): Date {
  return new Date(text);
}
