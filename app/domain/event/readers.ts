import type { Reader } from "../json/read.ts";
import { textLike, wholeNumber } from "../json/read.ts";

/** A whole number in text: Shopify's ids exceed what a JavaScript number holds exactly. */
export const idText: Reader<string> = textLike(/^\d{1,20}$/);
/** A keyed hash that identifies a person, 256 bits in lower-case hex. */
export const keyHash: Reader<string> = textLike(/^[0-9a-f]{64}$/);
/** A keyed hash that is only compared, never looked up; it may be shortened. */
export const factHash: Reader<string> = textLike(/^(?:[0-9a-f]{2}){4,32}$/);
/** An amount as Shopify prints it; adjustments may be negative. */
export const decimalText: Reader<string> = textLike(/^-?\d{1,30}(?:\.\d{1,10})?$/);
export const currencyText: Reader<string> = textLike(/^[A-Z]{3}$/);
/** The storefront script's own random id for a browser. */
export const deviceText: Reader<string> = textLike(/^[0-9A-Za-z-]{8,64}$/);
/** The whole range of a JavaScript date, so that no fact is refused for being old. */
const EPOCH_MS_MAX = 8_640_000_000_000_000;
/** Milliseconds since 1970 (UTC). */
export const epochMs: Reader<number> = wholeNumber(-EPOCH_MS_MAX, EPOCH_MS_MAX);
