import type { TermsJson } from "../../domain/terms/terms-json.ts";

/** The form as a person types it: every number is text until the server has read it. */
export type TermsFormValues = {
  readonly referrerKind: string;
  readonly referrerAmount: string;
  readonly friendKind: string;
  readonly friendAmount: string;
  readonly friendWhen: string;
  readonly expiresAfterDays: string;
  readonly windowDays: string;
  readonly coolingOffDays: string;
  readonly minimumOrder: string;
  readonly cap30Days: string;
  readonly capTotal: string;
  readonly budgetMonth: string;
  readonly whoMayRefer: string;
  readonly whoMayReferTag: string;
  readonly landingPath: string;
  /** Days; empty for none. */
  readonly campaignStart: string;
  readonly campaignEnd: string;
  readonly combinesWithOrder: boolean;
  readonly combinesWithProduct: boolean;
  readonly combinesWithShipping: boolean;
  readonly isBound: boolean;
  readonly isEmailFirst: boolean;
  readonly isPaused: boolean;
};

/** Fills the form from the terms in force; what has no limit is an empty field. */
export function valuesFromTerms(terms: TermsJson): TermsFormValues {
  return {
    referrerKind: terms.referrer.kind,
    referrerAmount: terms.referrer.kind === "free_shipping" ? "" : terms.referrer.amount,
    friendKind: terms.friend.kind,
    friendAmount: terms.friend.kind === "free_shipping" ? "" : terms.friend.amount,
    friendWhen: terms.friend.when,
    expiresAfterDays: String(terms.referrer.expires_after_days),
    windowDays: String(terms.window_days),
    coolingOffDays: String(terms.cooling_off_days),
    minimumOrder: terms.minimum_order ?? "",
    cap30Days: terms.cap_30_days === null ? "" : String(terms.cap_30_days),
    capTotal: terms.cap_total === null ? "" : String(terms.cap_total),
    budgetMonth: terms.budget_month ?? "",
    whoMayRefer: terms.who_may_refer,
    whoMayReferTag: terms.who_may_refer_tag ?? "",
    landingPath: terms.landing_path,
    campaignStart: dayOf(terms.campaign_start),
    campaignEnd: dayOf(terms.campaign_end),
    combinesWithOrder: terms.combine_with.order,
    combinesWithProduct: terms.combine_with.product,
    combinesWithShipping: terms.combine_with.shipping,
    isBound: terms.bind_to_customer,
    isEmailFirst: terms.email_first,
    isPaused: terms.paused,
  };
}

/** As `valuesFromTerms`, in a shop whose currency is another by now: amounts of the old one are not carried over. */
export function valuesInNewCurrency(terms: TermsJson): TermsFormValues {
  const values = valuesFromTerms(terms);
  const amountOf = (kind: string, amount: string) => (kind === "percent" || kind === "free_shipping" ? amount : "");
  return {
    ...values,
    referrerAmount: amountOf(values.referrerKind, values.referrerAmount),
    friendAmount: amountOf(values.friendKind, values.friendAmount),
    minimumOrder: "",
    budgetMonth: "",
  };
}

/**
 * The change to send: only what differs from the terms in force, in the words of the terms JSON. Text that is no number
 * is sent as it was typed, so that the one judge of terms says what is wrong with it.
 */
export function patchFromValues(values: TermsFormValues, before: TermsFormValues): Record<string, unknown> {
  const changed = (...names: (keyof TermsFormValues)[]): boolean => names.some((name) => values[name] !== before[name]);
  const patch: Record<string, unknown> = {};
  for (const side of ["referrer", "friend"] as const) {
    const kind = values[`${side}Kind`];
    const amount = kind === "free_shipping" ? "1" : values[`${side}Amount`].trim();
    const offer = changed(`${side}Kind`, `${side}Amount`) ? { kind, amount } : {};
    const expiry = changed("expiresAfterDays") ? { expires_after_days: numberOrText(values.expiresAfterDays) } : {};
    const when = side === "friend" && changed("friendWhen") ? { when: values.friendWhen } : {};
    const change = { ...offer, ...expiry, ...when };
    if (Object.keys(change).length > 0) patch[side] = change;
  }
  if (changed("windowDays")) patch["window_days"] = numberOrText(values.windowDays);
  if (changed("coolingOffDays")) patch["cooling_off_days"] = numberOrText(values.coolingOffDays);
  if (changed("minimumOrder"))
    patch["minimum_order"] = values.minimumOrder.trim() === "" ? null : values.minimumOrder.trim();
  if (changed("cap30Days")) patch["cap_30_days"] = limit(values.cap30Days);
  if (changed("capTotal")) patch["cap_total"] = limit(values.capTotal);
  if (changed("budgetMonth"))
    patch["budget_month"] = values.budgetMonth.trim() === "" ? null : values.budgetMonth.trim();
  if (changed("whoMayRefer", "whoMayReferTag")) {
    patch["who_may_refer"] = values.whoMayRefer;
    patch["who_may_refer_tag"] = values.whoMayRefer === "tag" ? values.whoMayReferTag.trim() : null;
  }
  if (changed("landingPath")) patch["landing_path"] = values.landingPath.trim();
  if (changed("campaignStart")) patch["campaign_start"] = values.campaignStart === "" ? null : values.campaignStart;
  if (changed("campaignEnd")) patch["campaign_end"] = values.campaignEnd === "" ? null : values.campaignEnd;
  if (changed("combinesWithOrder", "combinesWithProduct", "combinesWithShipping"))
    patch["combine_with"] = {
      order: values.combinesWithOrder,
      product: values.combinesWithProduct,
      shipping: values.combinesWithShipping,
    };
  if (changed("isBound")) patch["bind_to_customer"] = values.isBound;
  if (changed("isEmailFirst")) patch["email_first"] = values.isEmailFirst;
  if (changed("isPaused")) patch["paused"] = values.isPaused;
  return patch;
}

/** The day of a moment in UTC, as a date field takes it. */
function dayOf(instant: string | null): string {
  return instant === null ? "" : instant.slice(0, "2026-11-20".length);
}

function limit(typed: string): number | string | null {
  return typed.trim() === "" ? null : numberOrText(typed);
}

function numberOrText(typed: string): number | string {
  return /^\d{1,9}$/.test(typed.trim()) ? Number(typed.trim()) : typed.trim();
}
