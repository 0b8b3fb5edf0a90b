import { isRecord, textOf } from "./api.ts";

/** A reward without words: `value` is "10.00 GBP", "12.5%" or "free shipping". */
export type Worth = { readonly kind: string; readonly value: string };

const MONEY = /^(\d+(?:\.\d+)?) ([A-Z]{3})$/;
const PERCENT = /^(\d+(?:\.\d+)?)%$/;
/** A shop has one currency, so its short sign says enough: "10 £", where "10 £GB" would be the locale's own way. */
const MONEY_FORMAT = { currencyDisplay: "narrowSymbol", trailingZeroDisplay: "stripIfInteger" } as const;
const PERCENT_DIGITS_MAX = 2;
const MONEY_KINDS: readonly string[] = ["fixed", "store_credit", "gift_card"];

/** Reads a worth out of an answer. */
export function worthOf(value: unknown): Worth {
  return isRecord(value) ? { kind: textOf(value["kind"]), value: textOf(value["value"]) } : { kind: "", value: "" };
}

/** A reward in the customer's language, money in the shop's currency and the customer's way of writing it. */
export function worthWords({ kind, value }: Worth): string {
  const { i18n } = shopify;
  const [, amount, currency] = MONEY.exec(value) ?? [];
  if (amount !== undefined && currency !== undefined) {
    const written = i18n.formatCurrency(Number(amount), { ...MONEY_FORMAT, currency });
    return i18n.translate(`worth.${MONEY_KINDS.includes(kind) ? kind : "fixed"}`, { amount: written });
  }
  const [, percent] = PERCENT.exec(value) ?? [];
  if (percent === undefined) return i18n.translate("worth.free_shipping");
  const options = { style: "percent", maximumFractionDigits: PERCENT_DIGITS_MAX } as const;
  return i18n.translate("worth.percent", { amount: i18n.formatNumber(Number(percent) / 100, options) });
}
