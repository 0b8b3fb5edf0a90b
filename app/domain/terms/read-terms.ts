import type { CurrencyCode } from "../money/currency.ts";
import { parseLandingPath } from "../landing/landing-path.ts";
import type { FieldReader } from "./fields.ts";
import {
  createFieldReader,
  readAmount,
  readAmountFromZero,
  readChoice,
  readGroup,
  readTextOrNull,
  readTimeOrNull,
  readTruth,
  readWhole,
  readWholeOrNull,
} from "./fields.ts";
import type { TermsProblem } from "./problems.ts";
import { readFriend, readReferrer } from "./read-reward.ts";
import { readScreen } from "./read-screen.ts";
import type { Terms } from "./terms.ts";
import { WHO_MAY_REFER } from "./terms.ts";

export type TermsResult =
  | { readonly outcome: "ok"; readonly terms: Terms }
  | { readonly outcome: "invalid"; readonly problems: readonly TermsProblem[] };

type Unit = { readonly currency: CurrencyCode; readonly exponent: number };

const FIELDS = [
  ..."referrer friend window_days cooling_off_days minimum_order cap_30_days cap_total budget_month".split(" "),
  ..."campaign_start campaign_end landing_path who_may_refer who_may_refer_tag new_customer_days".split(" "),
  ..."email_first bind_to_customer combine_with screen voice paused".split(" "),
];
const WINDOW_DAYS_LIMITS = [1, 45] as const;
const COOLING_OFF_DAYS_LIMITS = [0, 30] as const;
const CAP_LIMITS = [1, 1_000_000] as const;
const NEW_CUSTOMER_DAYS_LIMITS = [1, 3_650] as const;
const TAG_LENGTH_MAX = 255;
const VOICE_LENGTH_MAX = 500;

/** Reads a whole set of terms in its public form. Returns the terms, or every problem found. */
export function termsFromJson(json: unknown, unit: Unit): TermsResult {
  const reader = createFieldReader();
  const group = readGroup(reader, "", json, FIELDS);
  const terms: Terms = {
    currency: unit.currency,
    exponent: unit.exponent,
    referrer: readReferrer(reader, group["referrer"], unit),
    friend: readFriend(reader, group["friend"], unit),
    windowDays: readWhole(reader, "window_days", group["window_days"], WINDOW_DAYS_LIMITS),
    coolingOffDays: readWhole(reader, "cooling_off_days", group["cooling_off_days"], COOLING_OFF_DAYS_LIMITS),
    minimumOrderMinor: readMinimum(reader, group["minimum_order"], unit),
    cap30Days: readWholeOrNull(reader, "cap_30_days", group["cap_30_days"], CAP_LIMITS),
    capTotal: readWholeOrNull(reader, "cap_total", group["cap_total"], CAP_LIMITS),
    budgetMonthMinor:
      group["budget_month"] === null ? null : readAmount(reader, "budget_month", group["budget_month"], unit),
    campaignStart: readTimeOrNull(reader, "campaign_start", group["campaign_start"]),
    campaignEnd: readTimeOrNull(reader, "campaign_end", group["campaign_end"]),
    landingPath: readLandingPath(reader, group["landing_path"]),
    emailFirst: readTruth(reader, "email_first", group["email_first"]),
    whoMayRefer: readChoice(reader, "who_may_refer", group["who_may_refer"], WHO_MAY_REFER),
    whoMayReferTag: readTextOrNull(reader, "who_may_refer_tag", group["who_may_refer_tag"], TAG_LENGTH_MAX),
    newCustomerDays: readWholeOrNull(reader, "new_customer_days", group["new_customer_days"], NEW_CUSTOMER_DAYS_LIMITS),
    bindToCustomer: readTruth(reader, "bind_to_customer", group["bind_to_customer"]),
    combineWith: readCombineWith(reader, group["combine_with"]),
    screen: readScreen(reader, group["screen"]),
    voice: readTextOrNull(reader, "voice", group["voice"], VOICE_LENGTH_MAX),
    paused: readTruth(reader, "paused", group["paused"]),
  };
  reportContradictions(reader, terms);
  return reader.problems.length === 0 ? { outcome: "ok", terms } : { outcome: "invalid", problems: reader.problems };
}

function reportContradictions(reader: FieldReader, terms: Terms): void {
  if (terms.whoMayRefer === "tag" && terms.whoMayReferTag === null) reader.report("who_may_refer_tag", "tag_required");
  if (terms.campaignStart !== null && terms.campaignEnd !== null && terms.campaignEnd <= terms.campaignStart) {
    reader.report("campaign_end", "end_before_start");
  }
}

/** A minimum of zero is no minimum. */
function readMinimum(reader: FieldReader, input: unknown, unit: Unit): bigint | null {
  if (input === null) return null;
  const minor = readAmountFromZero(reader, "minimum_order", input, unit);
  return minor === 0n ? null : minor;
}

function readLandingPath(reader: FieldReader, input: unknown): string {
  const path = typeof input === "string" ? parseLandingPath(input) : null;
  if (path === null) reader.report("landing_path", "bad_path");
  return path ?? "/";
}

function readCombineWith(reader: FieldReader, input: unknown): Terms["combineWith"] {
  const group = readGroup(reader, "combine_with", input, ["order", "product", "shipping"]);
  return {
    order: readTruth(reader, "combine_with.order", group["order"]),
    product: readTruth(reader, "combine_with.product", group["product"]),
    shipping: readTruth(reader, "combine_with.shipping", group["shipping"]),
  };
}
