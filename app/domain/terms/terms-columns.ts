import { isObject } from "../json/read.ts";
import { parseCurrency } from "../money/currency.ts";
import type { TermsResult } from "./read-terms.ts";
import { termsFromJson } from "./read-terms.ts";
import { problem } from "./problems.ts";
import type { TermsJson } from "./terms-json.ts";
import { amountText, termsToJson } from "./terms-json.ts";
import type { FriendWhen, RewardKind, Terms } from "./terms.ts";
import { defaultTerms } from "./terms.ts";

/** What is kept in columns of their own, because constraints and statements read it. */
type RewardColumns = {
  readonly currency: string;
  readonly exponent: number;
  readonly referrerKind: RewardKind;
  readonly referrerAmount: bigint;
  readonly friendKind: RewardKind;
  readonly friendAmount: bigint;
  readonly friendWhen: FriendWhen;
};

/** The rest, in the public form. */
export type TermsSettings = Omit<TermsJson, "referrer" | "friend"> & {
  readonly referrer: { readonly expires_after_days: number };
  readonly friend: { readonly expires_after_days: number };
};

export type TermsColumns = RewardColumns & { readonly settings: TermsSettings };

/** A row as the database gives it back. */
export type TermsRow = {
  readonly [K in keyof RewardColumns]: RewardColumns[K] extends string ? string : RewardColumns[K];
} & {
  readonly settings: unknown;
};

/** Divides terms into what the table keeps in columns and the settings beside them. */
export function termsToColumns(terms: Terms): TermsColumns {
  const { referrer, friend, ...rest } = termsToJson(terms);
  return {
    currency: terms.currency,
    exponent: terms.exponent,
    referrerKind: terms.referrer.kind,
    referrerAmount: terms.referrer.amountMinor,
    friendKind: terms.friend.kind,
    friendAmount: terms.friend.amountMinor,
    friendWhen: terms.friend.when,
    settings: {
      ...rest,
      referrer: { expires_after_days: referrer.expires_after_days },
      friend: { expires_after_days: friend.expires_after_days },
    },
  };
}

/**
 * Puts a stored row back together; a setting that did not exist when it was written has its default. Returns the terms, or
 * what is wrong with the row: never a guess.
 */
export function termsFromColumns(row: TermsRow): TermsResult {
  const currency = parseCurrency(row.currency);
  if (currency === null) return { outcome: "invalid", problems: [problem("currency", "not_a_choice")] };
  const unit = { currency, exponent: row.exponent };
  const defaults = termsToJson(defaultTerms(currency, row.exponent));
  const settings = group(row.settings);
  return termsFromJson(
    {
      ...defaults,
      ...settings,
      referrer: {
        ...defaults.referrer,
        ...group(settings["referrer"]),
        kind: row.referrerKind,
        amount: amountText(row.referrerKind, row.referrerAmount, unit),
      },
      friend: {
        ...defaults.friend,
        ...group(settings["friend"]),
        kind: row.friendKind,
        amount: amountText(row.friendKind, row.friendAmount, unit),
        when: row.friendWhen,
      },
    },
    unit,
  );
}

function group(input: unknown): Readonly<Record<string, unknown>> {
  return isObject(input) ? input : {};
}
