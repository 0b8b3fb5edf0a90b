import { formatAmount } from "../format.ts";

/** The sign that stands before amounts of a currency, "£". */
export function currencySign(currency: string): string {
  return formatAmount({ amount: "0", currency }).replace("0", "").trim();
}

/** A reward as typed, in words: "£10.00 off", "10% off", "free shipping"; a dash while the field is empty. */
export function rewardWords(kind: string, amount: string, currency: string): string {
  if (kind === "free_shipping") return "free shipping";
  const typed = amount.trim();
  if (!/^\d{1,12}(\.\d{1,4})?$/.test(typed)) return "…";
  const money = formatAmount({ amount: typed, currency });
  switch (kind) {
    case "percent":
      return `${typed}% off`;
    case "store_credit":
      return `${money} in store credit`;
    case "gift_card":
      return `a gift card of ${money}`;
    default:
      return `${money} off`;
  }
}
