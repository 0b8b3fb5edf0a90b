import type { Reader } from "../json/read.ts";
import { listOf, nullable, objectOf, oneOf, recordOf, textUpTo, truth } from "../json/read.ts";
import type { PersonFacts } from "./person-facts.ts";
import { readPersonFacts } from "./person-facts.ts";
import { currencyText, decimalText, deviceText, epochMs, factHash, idText } from "./readers.ts";

/** What one code took off an order: decimal text in the currency of the order. */
export type OrderDiscount = { readonly code: string; readonly amount: string };

/** What is kept of an order, whichever order topic brought it. Times are epoch milliseconds, amounts decimal text. */
export type OrderFacts = {
  readonly kind: "order";
  readonly orderId: string;
  readonly person: PersonFacts | null;
  readonly createdAt: number;
  readonly processedAt: number;
  readonly updatedAt: number;
  /** Set by the topic that says so, orders/paid; it starts the cooling-off. */
  readonly paidAt: number | null;
  readonly cancelledAt: number | null;
  readonly test: boolean;
  readonly financialStatus: string | null;
  readonly sourceName: string | null;
  readonly currency: string;
  readonly totalPrice: string;
  readonly discountCodes: readonly string[];
  /** The codes again, each with what it took off. Absent in rows that were stored before it was kept. */
  readonly discounts?: readonly OrderDiscount[] | null;
  readonly tokens: { readonly cartAttribute: readonly string[]; readonly landingSite: readonly string[] };
  readonly device: string | null;
  /** When that cart's checkout began, as the storefront script noted it. */
  readonly cartAt: number | null;
  readonly ipHash: string | null;
  /** The same with the salt of the month before. Absent in rows that were stored before it was kept. */
  readonly ipHashBefore?: string | null;
  readonly prefixHash: string | null;
  readonly agentHash: string | null;
  readonly agentIsBot: boolean;
  readonly addressHash: string | null;
  readonly addressParts: Readonly<Record<string, string>> | null;
  /** A later order of a subscription; its first order is none. */
  readonly renewal: boolean;
  readonly checkoutTokenHash: string | null;
  /** Absent in rows that were stored before it was kept. */
  readonly cartTokenHash?: string | null;
};

export const TOKENS_PER_CARRIER_MAX = 5;
export const TOKEN_LENGTH_MAX = 200;
const WORD_LENGTH_MAX = 255;
const DISCOUNT_CODES_MAX = 100;
const ADDRESS_PARTS_MAX = 16;

export const readTokens: Reader<readonly string[]> = listOf(textUpTo(TOKEN_LENGTH_MAX), TOKENS_PER_CARRIER_MAX);
const word = textUpTo(WORD_LENGTH_MAX);

export const readOrderFacts: Reader<OrderFacts> = objectOf({
  kind: oneOf(["order"]),
  orderId: idText,
  person: nullable(readPersonFacts),
  createdAt: epochMs,
  processedAt: epochMs,
  updatedAt: epochMs,
  paidAt: nullable(epochMs),
  cancelledAt: nullable(epochMs),
  test: truth,
  financialStatus: nullable(word),
  sourceName: nullable(word),
  currency: currencyText,
  totalPrice: decimalText,
  discountCodes: listOf(word, DISCOUNT_CODES_MAX),
  discounts: nullable(listOf(objectOf({ code: word, amount: decimalText }), DISCOUNT_CODES_MAX)),
  tokens: objectOf({ cartAttribute: readTokens, landingSite: readTokens }),
  device: nullable(deviceText),
  cartAt: nullable(epochMs),
  ipHash: nullable(factHash),
  ipHashBefore: nullable(factHash),
  prefixHash: nullable(factHash),
  agentHash: nullable(factHash),
  agentIsBot: truth,
  addressHash: nullable(factHash),
  addressParts: nullable(recordOf(word, ADDRESS_PARTS_MAX)),
  renewal: truth,
  checkoutTokenHash: nullable(factHash),
  cartTokenHash: nullable(factHash),
});
