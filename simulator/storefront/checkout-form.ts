import type { AddressInput } from "../world/customers.ts";
import type { Card } from "../world/types.ts";
import { field } from "./form-body.ts";

/** What a buyer filled in, read and checked. */
export type CheckoutDetails = {
  readonly email: string;
  readonly phone: string | null;
  readonly address: AddressInput;
  readonly payment: { readonly gateway: "shopify_payments"; readonly card: Card } | { readonly gateway: "paypal" };
};

export type CheckoutReading =
  | { readonly outcome: "ready"; readonly details: CheckoutDetails }
  | { readonly outcome: "faulty"; readonly problem: string };

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const DECLINED = "4000000000000002"; // the number that card processors use for a refused test payment
const BRANDS: readonly (readonly [RegExp, string])[] = [
  [/^4/, "Visa"],
  [/^(?:5[1-5]|2[2-7])/, "Mastercard"],
  [/^3[47]/, "American Express"],
];

/** Reads the checkout's form. `now` is the shop's time, against which the card's expiry is held. */
export function readCheckout(form: URLSearchParams, now: Date): CheckoutReading {
  const email = field(form, "email");
  if (!EMAIL.test(email)) return faulty("Enter an e-mail address, such as mara@example.com.");
  const required = { last_name: "last name", address1: "street and number", city: "town", zip: "postcode" };
  for (const [name, label] of Object.entries(required))
    if (field(form, name) === "") return faulty(`Enter your ${label}.`);
  const payment = readPayment(form, now);
  if (typeof payment === "string") return faulty(payment);
  const address: AddressInput = {
    firstName: field(form, "first_name") || null,
    lastName: field(form, "last_name"),
    address1: field(form, "address1"),
    address2: field(form, "address2") || null,
    city: field(form, "city"),
    zip: field(form, "zip"),
    countryCode: field(form, "country") || "GB",
  };
  return { outcome: "ready", details: { email, phone: field(form, "phone") || null, address, payment } };
}

function faulty(problem: string): CheckoutReading {
  return { outcome: "faulty", problem };
}

function readPayment(form: URLSearchParams, now: Date): CheckoutDetails["payment"] | string {
  if (field(form, "payment") === "paypal") return { gateway: "paypal" };
  const number = field(form, "card_number").replace(/[\s-]/g, "");
  if (!/^\d{13,19}$/.test(number)) return "Enter the card's number: 13 to 19 digits.";
  if (number === DECLINED) return "The card was declined. Use another one.";
  const [, month, year] = /^(0?[1-9]|1[0-2])\s*\/\s*(?:20)?(\d\d)$/.exec(field(form, "card_expiry")) ?? [];
  if (month === undefined || year === undefined) return "Enter the card's expiry as MM/YY.";
  const [expMonth, expYear] = [Number(month), 2000 + Number(year)];
  if (Date.UTC(expYear, expMonth, 1) <= now.getTime()) return "The card has expired.";
  const brand = BRANDS.find(([prefix]) => prefix.test(number))?.[1] ?? "Other";
  const name = field(form, "card_name") || `${field(form, "first_name")} ${field(form, "last_name")}`.trim();
  return {
    gateway: "shopify_payments",
    card: { bin: number.slice(0, 6), last4: number.slice(-4), expMonth, expYear, brand, name },
  };
}
