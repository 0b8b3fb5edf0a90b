import type { Reader } from "../json/read.ts";
import { listOf, nullable, objectOf, oneOf, textUpTo } from "../json/read.ts";
import { readTokens, TOKEN_LENGTH_MAX } from "./order-facts.ts";
import type { PersonFacts } from "./person-facts.ts";
import { readPersonFacts } from "./person-facts.ts";
import { deviceText, epochMs, idText, keyHash } from "./readers.ts";

/** A customer was created, enabled or changed. */
export type CustomerFacts = {
  readonly kind: "customer";
  readonly person: PersonFacts;
  readonly createdAt: number | null;
  readonly updatedAt: number | null;
  readonly state: string | null;
  /** The link that the registration form brought; null in every other event. */
  readonly token: string | null;
};

/** A logged-in customer's browser handed over the tokens that it holds. */
export type BindFacts = {
  readonly kind: "bind";
  readonly person: PersonFacts;
  readonly tokens: readonly string[];
  readonly device: string | null;
  readonly at: number;
};

/** Shopify made one customer of two. */
export type MergeFacts = {
  readonly kind: "merge";
  readonly keptHash: string;
  readonly deletedHash: string;
  /** Digits; null in what an older version wrote. */
  readonly keptId: string | null;
};

/** A customer was deleted in the shop. */
export type CustomerDeletedFacts = { readonly kind: "customer_deleted"; readonly customerHash: string };

/** A customer asks to be forgotten (customers/redact) or to see their data (customers/data_request). */
export type PrivacyFacts = {
  readonly kind: "redact" | "data_request";
  readonly person: PersonFacts;
  readonly orderIds: readonly string[];
};

const STATE_LENGTH_MAX = 64;
const ORDER_IDS_MAX = 10_000;

export const readCustomerFacts: Reader<CustomerFacts> = objectOf({
  kind: oneOf(["customer"]),
  person: readPersonFacts,
  createdAt: nullable(epochMs),
  updatedAt: nullable(epochMs),
  state: nullable(textUpTo(STATE_LENGTH_MAX)),
  token: nullable(textUpTo(TOKEN_LENGTH_MAX)),
});

export const readBindFacts: Reader<BindFacts> = objectOf({
  kind: oneOf(["bind"]),
  person: readPersonFacts,
  tokens: readTokens,
  device: nullable(deviceText),
  at: epochMs,
});

export const readMergeFacts: Reader<MergeFacts> = objectOf({
  kind: oneOf(["merge"]),
  keptHash: keyHash,
  deletedHash: keyHash,
  keptId: nullable(idText),
});

export const readCustomerDeletedFacts: Reader<CustomerDeletedFacts> = objectOf({
  kind: oneOf(["customer_deleted"]),
  customerHash: keyHash,
});

export const readPrivacyFacts: Reader<PrivacyFacts> = objectOf({
  kind: oneOf(["redact", "data_request"]),
  person: readPersonFacts,
  orderIds: listOf(idText, ORDER_IDS_MAX),
});
