/** An ISO 4217 code in capitals. Only `parseCurrency` makes one. */
export type CurrencyCode = string & { readonly brand: "CurrencyCode" };

const DEFAULT_EXPONENT = 2;
export const EXPONENT_MAX = 4;

/**
 * ISO 4217 minor units that differ from two. Where a shop's prices disagree with ISO (HUF is printed without decimals,
 * ISK and UGX with two by some systems), ISO wins here: an extra ".00" still parses, and the ledger freezes the choice.
 */
const EXPONENT_BY_CURRENCY: ReadonlyMap<string, number> = new Map([
  ..."BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(" ").map((code) => [code, 0] as const),
  ..."BHD IQD JOD KWD LYD OMR TND".split(" ").map((code) => [code, 3] as const),
  ..."CLF UYW".split(" ").map((code) => [code, 4] as const),
]);

/**
 * Reads a currency code. Takes any text; returns the code, or null unless it is exactly three capital letters.
 * The list of codes in use changes, so the shape alone is checked.
 */
export function parseCurrency(text: string): CurrencyCode | null {
  // The only place where the brand is given: the shape was just checked.
  return /^[A-Z]{3}$/.test(text) ? (text as CurrencyCode) : null;
}

/** Decimal places of a currency's smallest unit (ISO 4217): 0 for JPY, 2 for GBP, 3 for KWD, 2 for any it does not know. */
export function exponentOf(currency: CurrencyCode): number {
  return EXPONENT_BY_CURRENCY.get(currency) ?? DEFAULT_EXPONENT;
}

/** A currency with the decimals that are counted in it. */
export type MoneyUnit = { readonly currency: CurrencyCode; readonly exponent: number };

/** Decimals of amounts in `currency`: those of `unit` where it is that one, else by ISO 4217. */
export function exponentIn(currency: CurrencyCode, unit: MoneyUnit): number {
  return currency === unit.currency ? unit.exponent : exponentOf(currency);
}
