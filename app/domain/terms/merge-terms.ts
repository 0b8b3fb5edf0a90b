import { isObject } from "../json/read.ts";
import type { CurrencyCode } from "../money/currency.ts";
import type { TermsProblem } from "./problems.ts";
import { problem } from "./problems.ts";
import type { TermsResult } from "./read-terms.ts";
import { termsFromJson } from "./read-terms.ts";
import { termsToJson } from "./terms-json.ts";
import type { RewardKind, Terms } from "./terms.ts";

/** A first order can be made cheaper by a discount code, and by nothing else. */
const KINDS_ON_FIRST_ORDER: readonly RewardKind[] = ["fixed", "percent", "free_shipping"];

/** Groups whose fields may be changed one by one, and how deep they go: a rule of the screen is a group in a group, and so are its limits. */
const GROUP_DEPTHS: ReadonlyMap<string, number> = new Map([
  ["referrer", 1],
  ["friend", 1],
  ["combine_with", 1],
  ["screen", 3],
]);
const SIDES = ["referrer", "friend"] as const;

/**
 * Lays a partial change, in the public form of terms, over the terms in force. Returns the new terms, or every problem:
 * unknown fields, wrong values, limits, and a new kind of reward that does not bring its own amount. Nor does an amount
 * outlive the shop's currency: where `unit` is another than that of the terms, the change has to bring every one.
 *
 * @param unit what the shop counts in now
 */
export function mergeTerms(current: Terms, patch: unknown, unit: Unit = current): TermsResult {
  if (!isObject(patch)) return { outcome: "invalid", problems: [problem("", "not_an_object")] };
  const isSameCurrency = unit.currency === current.currency;
  const base = isSameCurrency ? current : inNewCurrency(current, { currency: unit.currency, exponent: unit.exponent });
  const merged = termsFromJson(overlay(termsToJson(base), patch), base);
  const promises = isSameCurrency
    ? SIDES.flatMap((side) => missingAmount(current, patch, side))
    : missingInNewCurrency(merged.outcome === "ok" ? merged.terms : null, current, patch);
  if (merged.outcome === "invalid") return { outcome: "invalid", problems: [...merged.problems, ...promises] };
  const problems = [...promises, ...notOffered(merged.terms)];
  return problems.length === 0 ? merged : { outcome: "invalid", problems };
}

/** Spreading copies own fields only, so a field named like an object's internals stays an unknown field. */
function overlay(
  base: Readonly<Record<string, unknown>>,
  patch: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const entries = Object.entries(patch).map(([name, value]): [string, unknown] => [
    name,
    laidOver(base[name], value, GROUP_DEPTHS.get(name) ?? 0),
  ]);
  return Object.fromEntries([...Object.entries(base), ...entries]);
}

function laidOver(before: unknown, value: unknown, depth: number): unknown {
  if (depth === 0 || !isObject(before) || !isObject(value)) return value;
  const entries = Object.entries(value).map(([name, inner]): [string, unknown] => [
    name,
    laidOver(before[name], inner, depth - 1),
  ]);
  return Object.fromEntries([...Object.entries(before), ...entries]);
}

/** "10" means ten pounds or ten per cent: it is never carried from one kind to another. */
function missingAmount(
  current: Terms,
  patch: Readonly<Record<string, unknown>>,
  side: "referrer" | "friend",
): TermsProblem[] {
  const change = patch[side];
  if (!isObject(change) || change["kind"] === undefined || change["kind"] === "free_shipping") return [];
  const isSameUnit = unitOfKind(change["kind"]) === unitOfKind(current[side].kind);
  return isSameUnit || change["amount"] !== undefined ? [] : [problem(`${side}.amount`, "amount_required")];
}

function unitOfKind(kind: unknown): "percent" | "free_shipping" | "money" {
  return kind === "percent" || kind === "free_shipping" ? kind : "money";
}

function notOffered(terms: Terms): TermsProblem[] {
  const isKept = terms.friend.when !== "on_first_order" || KINDS_ON_FIRST_ORDER.includes(terms.friend.kind);
  return isKept ? [] : [problem("friend.when", "needs_a_code")];
}

type Unit = { readonly currency: CurrencyCode; readonly exponent: number };

/**
 * The terms in force, counted in the shop's new currency: an amount of the old one means nothing there, so rewards of money
 * have none until the change brings one, and minimum and budget are none.
 */
function inNewCurrency(current: Terms, unit: Unit): Terms {
  return { ...current, ...unit, minimumOrderMinor: null, budgetMonthMinor: null };
}

/** Amounts that a shop with a new currency has to say anew. */
function missingInNewCurrency(
  merged: Terms | null,
  current: Terms,
  patch: Readonly<Record<string, unknown>>,
): TermsProblem[] {
  return SIDES.flatMap((side) => {
    const change = patch[side];
    const kind = merged?.[side].kind ?? current[side].kind;
    const isSaid = isObject(change) && change["amount"] !== undefined;
    return unitOfKind(kind) !== "money" || isSaid ? [] : [problem(`${side}.amount`, "currency_changed")];
  });
}
