import { expect, test } from "vitest";
import { orderBase } from "#app/domain/referral/order-base.ts";
import { createShopKeyring } from "#app/platform/shop-keyring.ts";
import { buildTerms, NOON } from "#test/builders/domain.ts";
import {
  buildAdminLine,
  buildAdminOrder,
  buildCustomerAnswer,
  createFakeShopify,
  DAN_CARD,
} from "#test/builders/fake-shopify.ts";
import { cardSignals, payableOrderOf, profileOfCustomer, readEvidence, riskOf } from "./read-evidence.ts";

const made = { orderId: "5001", createdAt: new Date(NOON) };
const ids = { orderId: "5001", friendCustomerId: "1", referrerCustomerId: "2" };

test("readEvidence reads the order, both people and what the referrer bought with", async () => {
  const shopify = createFakeShopify("GBP");
  shopify.orders.set("5001", buildAdminOrder(made));
  shopify.customers.set("1", buildCustomerAnswer("1")).set("2", buildCustomerAnswer("2"));
  shopify.cards.set("2", [DAN_CARD]);
  expect(await readEvidence(shopify.admin.forShop("", ""), ids)).toMatchObject({
    outcome: "ok",
    evidence: {
      order: { orderId: "5001" },
      friend: { customerId: "1" },
      referrer: { customerId: "2" },
      referrerBoughtWith: { cards: [DAN_CARD], addresses: [] },
    },
  });
});

test("an order that is not there, and people who are deleted or not known, are unknown and no trouble", async () => {
  const admin = createFakeShopify("GBP").admin.forShop("", "");
  const referrerBoughtWith = { cards: [], addresses: [] };
  const nobody = { outcome: "ok", evidence: { order: null, friend: null, referrer: null, referrerBoughtWith } };
  expect(await readEvidence(admin, ids)).toEqual(nobody);
  expect(await readEvidence(admin, { ...ids, friendCustomerId: null, referrerCustomerId: null })).toEqual(nobody);
});

test("trouble is told as it is", async () => {
  const shopify = createFakeShopify("GBP");
  shopify.trouble = { outcome: "throttled", retryAfterMs: 500 };
  expect(await readEvidence(shopify.admin.forShop("", ""), ids)).toEqual(shopify.trouble);
  expect(shopify.calls).toEqual(["readEvidence"]);
});

test("payableOrderOf takes every discount and the tax off each line", () => {
  const lines = [
    buildAdminLine({ originalTotal: "50.00", allocated: ["5.00", "2.50"], taxes: ["7.08"] }),
    buildAdminLine({ originalTotal: "25.00", giftCard: true }),
  ];
  const order = payableOrderOf(buildAdminOrder({ ...made, lines }), "person", buildTerms());
  expect(order?.lines[0]).toMatchObject({ discountedMinor: 4_250n, taxMinor: 708n });
  expect(orderBase(order?.lines ?? [], true)).toBe(3_542n);
});

test("payableOrderOf does not guess: no currency, or more decimals than it has, is unreadable", () => {
  expect(payableOrderOf(buildAdminOrder({ ...made, currency: "usd" }), null, buildTerms())).toBeNull();
  const lines = [buildAdminLine({ originalTotal: "42.005" })];
  expect(payableOrderOf(buildAdminOrder({ ...made, lines }), null, buildTerms())).toBeNull();
  const yen = buildAdminOrder({ ...made, currency: "JPY", totalPrice: "3300.0" });
  expect(payableOrderOf(yen, null, buildTerms({}, "JPY"))?.totalMinor).toBe(3_300n);
});

test("payableOrderOf weighs no order of which some lines are not known", () => {
  expect(payableOrderOf(buildAdminOrder({ ...made, linesTruncated: true }), null, buildTerms())).toBeNull();
});

test("payableOrderOf reads an order of a shop that changed its currency by the order's own decimals", () => {
  const yen = buildAdminOrder({ ...made, currency: "JPY", totalPrice: "3300" });
  expect(payableOrderOf(yen, null, buildTerms())?.totalMinor).toBe(3_300n);
  const dinars = buildAdminOrder({ ...made, currency: "KWD", totalPrice: "3.305" });
  expect(payableOrderOf(dinars, null, buildTerms())?.totalMinor).toBe(3_305n);
});

test("payableOrderOf takes the word of fullyPaid where the status is hidden", () => {
  const hidden = { ...made, financialStatus: null };
  expect(payableOrderOf(buildAdminOrder(hidden), null, buildTerms())?.financialStatus).toBe("PAID");
  expect(payableOrderOf(buildAdminOrder({ ...hidden, fullyPaid: false }), null, buildTerms())?.financialStatus).toBe(
    "PENDING",
  );
});

test("a card has one fingerprint per shop, and another in another shop", () => {
  const [here, there] = [createShopKeyring(Buffer.alloc(32, 1)), createShopKeyring(Buffer.alloc(32, 2))];
  expect(cardSignals(here, [DAN_CARD, null])).toEqual(cardSignals(here, [{ ...DAN_CARD }]));
  expect(cardSignals(here, [DAN_CARD])).not.toEqual(cardSignals(there, [DAN_CARD]));
  expect(cardSignals(here, [DAN_CARD])).not.toEqual(cardSignals(here, [{ ...DAN_CARD, expiryYear: 2031 }]));
});

test("what Shopify hides of a customer stays unknown", () => {
  const hidden = buildCustomerAnswer("1", { email: null, firstName: null });
  expect(profileOfCustomer(hidden)).toMatchObject({ customerId: "1", email: null, firstName: null });
  expect(profileOfCustomer(null)).toEqual({});
  expect(riskOf(null)).toBeNull();
});
