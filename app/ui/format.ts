import type { AmountView, RewardWorthView, TallyView } from "../read-models.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** An exact decimal amount with its currency sign, "£1,234.50". The digits are never turned into a float. */
export function formatAmount({ amount, currency }: AmountView): string {
  const [whole = "0", fraction] = amount.split(".");
  const parts = new Intl.NumberFormat("en-GB", {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
  }).formatToParts(0);
  const sign = parts.find((part) => part.type === "currency")?.value ?? currency;
  const digits = whole.replace("-", "").replace(/\B(?=(\d{3})+$)/g, ",");
  const gap = /^[A-Z]{3}$/.test(sign) ? "\u00A0" : "";
  return `${whole.startsWith("-") ? "-" : ""}${sign}${gap}${digits}${fraction === undefined ? "" : `.${fraction}`}`;
}

/** An amount of a ledger's unit: money with its sign, or "3 coupons". */
export function formatUnits(value: AmountView): string {
  if (value.currency !== "coupon") return formatAmount(value);
  return value.amount === "1" ? "1 coupon" : `${formatCount(Number(value.amount))} coupons`;
}

/** Money and coupons side by side, "£420.00 and 31 coupons": the two are never added up. */
export function formatTally({ money, coupons }: TallyView): string {
  if (coupons === 0) return formatAmount(money);
  const words = coupons === 1 ? "1 coupon" : `${formatCount(coupons)} coupons`;
  return /^[0.]+$/.test(money.amount) ? words : `${formatAmount(money)} and ${words}`;
}

/** What a reward is worth, "£10.00 off". */
export function formatWorth(worth: RewardWorthView): string {
  switch (worth.kind) {
    case "money":
      return `${formatAmount(worth.value)} off`;
    case "percent":
      return `${worth.percent}% off`;
    case "free_shipping":
      return "Free shipping";
  }
}

/** A whole number with thousands separators. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** The day of an ISO instant, in UTC: "20 Nov 2026". The same text on the server and in the browser. */
export function formatDay(iso: string): string {
  const at = new Date(iso);
  return `${String(at.getUTCDate())} ${MONTHS[at.getUTCMonth()] ?? ""} ${String(at.getUTCFullYear())}`;
}

/** Day and minute of an ISO instant, in UTC: "20 Nov 2026, 09:05 UTC". */
export function formatInstant(iso: string): string {
  return `${formatDay(iso)}, ${iso.slice(11, 16)} UTC`;
}

/** A duration in the largest sensible unit: "under a minute", "12 minutes", "3 hours", "2 days". */
export function formatDuration(seconds: number): string {
  if (seconds < 60) return "under a minute";
  const [size, unit] = seconds < 7_200 ? [60, "minute"] : seconds < 172_800 ? [3_600, "hour"] : [86_400, "day"];
  const count = Math.floor(seconds / size);
  return `${String(count)} ${unit}${count === 1 ? "" : "s"}`;
}

/** "same_card" → "Same card": for names that no list of words knows yet. */
export function humanise(name: string): string {
  const words = name.replaceAll("_", " ").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
