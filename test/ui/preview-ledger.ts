import type { AmountView, LedgerBalanceView, LedgerEntryView, LedgerView } from "#app/read-models.ts";
import { REFERRAL_ID } from "./preview-views.ts";

const gbp = (amount: string): AmountView => ({ amount, currency: "GBP" });
const coupons = (amount: string): AmountView => ({ amount, currency: "coupon" });

function line(number: string, account: string, sums: readonly AmountView[], side: "debit" | "credit") {
  const [debit = gbp("0.00"), credit = gbp("0.00"), balance = gbp("0.00")] = sums;
  return { number, account, debit, credit, balance, balanceSide: side } satisfies LedgerBalanceView;
}

/** The books of a shop in its third week; without entries when `isEmpty`. */
export function buildLedger(isEmpty: boolean): LedgerView {
  if (isEmpty) return { isBalanced: true, balancedAt: null, units: [], leakage: [], entries: [], nextCursor: null };
  return {
    isBalanced: true,
    balancedAt: null,
    units: [
      {
        unit: "GBP",
        balances: [
          line("2100", "Referral rewards owed", [gbp("720.00"), gbp("1140.00"), gbp("420.00")], "credit"),
          line("4100", "Referral discounts used", [gbp("10.00"), gbp("704.50"), gbp("694.50")], "credit"),
          line("4110", "Referral rewards never used", [gbp("0.00"), gbp("40.00"), gbp("40.00")], "credit"),
          line("6100", "Cost of referral rewards", [gbp("1154.50"), gbp("0.00"), gbp("1154.50")], "debit"),
        ],
        debits: gbp("1884.50"),
        credits: gbp("1884.50"),
        promised: gbp("660.00"),
      },
      {
        unit: "coupon",
        balances: [
          line("2100", "Referral rewards owed", [coupons("4"), coupons("31"), coupons("27")], "credit"),
          line("4100", "Referral discounts used", [coupons("0"), coupons("4"), coupons("4")], "credit"),
          line("6100", "Cost of referral rewards", [coupons("31"), coupons("0"), coupons("31")], "debit"),
        ],
        debits: coupons("35"),
        credits: coupons("35"),
        promised: coupons("2"),
      },
    ],
    leakage: [gbp("18.00")],
    entries: [
      entry("1", "Earned: the referrer's reward", ["6100 Cost of referral rewards", "2100 Referral rewards owed"]),
      entry("2", "Reward code used", ["2100 Referral rewards owed", "4100 Referral discounts used"], {
        amount: gbp("6.00"),
        orderId: "5400021123075",
      }),
      entry("3", "Promised: the friend's reward", ["6100 Cost of referral rewards", "2100 Referral rewards owed"], {
        isPromise: true,
        amount: coupons("1"),
      }),
    ],
    nextCursor: REFERRAL_ID,
  };
}

function entry(
  digit: string,
  description: string,
  [debit = "", credit = ""]: readonly string[],
  change: Partial<LedgerEntryView> = {},
): LedgerEntryView {
  return {
    id: REFERRAL_ID.replace("a1", `e${digit}`),
    at: "2026-11-19T10:02:00.000Z",
    description,
    debit,
    credit,
    amount: gbp("10.00"),
    isPromise: false,
    referralId: REFERRAL_ID,
    shortId: "3F09A1",
    orderId: null,
    ...change,
  };
}
