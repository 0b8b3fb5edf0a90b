import type { Reader } from "../json/read.ts";
import { nullable, objectOf, oneOf } from "../json/read.ts";
import { readTokens } from "./order-facts.ts";
import { deviceText, epochMs, idText, keyHash } from "./readers.ts";

/** A buyer's checkout, as the web pixel saw it: a hint that brings tokens to an order, never proof of a payment. */
export type PixelFacts = {
  readonly kind: "pixel";
  readonly checkoutTokenHash: string;
  readonly orderId: string | null;
  readonly tokens: readonly string[];
  readonly device: string | null;
  readonly at: number;
};

export const readPixelFacts: Reader<PixelFacts> = objectOf({
  kind: oneOf(["pixel"]),
  checkoutTokenHash: keyHash,
  orderId: nullable(idText),
  tokens: readTokens,
  device: nullable(deviceText),
  at: epochMs,
});
