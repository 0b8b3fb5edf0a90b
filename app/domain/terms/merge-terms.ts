import { isObject } from "../json/read.ts";
import type { TermsProblem } from "./problems.ts";
import { problem } from "./problems.ts";
import type { TermsResult } from "./read-terms.ts";
import { termsFromJson } from "./read-terms.ts";
import { termsToJson } from "./terms-json.ts";
import type { FriendWhen, RewardKind, Terms } from "./terms.ts";

/** What can be kept today: a promise that nothing fulfils is not accepted. */
const KINDS_OFFERED: readonly RewardKind[] = ["fixed", "percent", "free_shipping"];
const WHENS_OFFERED: readonly FriendWhen[] = ["after_first_order"];

/** Groups whose fields may be changed one by one. */
const GROUPS: ReadonlySet<string> = new Set(["referrer", "friend", "combine_with", "screen"]);
const SIDES = ["referrer", "friend"] as const;

/**
 * Lays a partial change, in the public form of terms, over the terms in force. Returns the new terms, or every problem:
 * unknown fields, wrong values, limits, and a new kind of reward that does not bring its own amount.
 */
export function mergeTerms(current: Terms, patch: unknown): TermsResult {
  if (!isObject(patch)) return { outcome: "invalid", problems: [problem("", "not_an_object")] };
  const merged = termsFromJson(overlay(termsToJson(current), patch), current);
  const promises = SIDES.flatMap((side) => missingAmount(current, patch, side));
  if (merged.outcome === "invalid") return { outcome: "invalid", problems: [...merged.problems, ...promises] };
  const problems = [...promises, ...notOffered(merged.terms)];
  return problems.length === 0 ? merged : { outcome: "invalid", problems };
}

/** Spreading copies own fields only, so a field named like an object's internals stays an unknown field. */
function overlay(
  base: Readonly<Record<string, unknown>>,
  patch: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const entries = Object.entries(patch).map(([name, value]): [string, unknown] => {
    const before = base[name];
    const isPartial = GROUPS.has(name) && isObject(before) && isObject(value);
    return [name, isPartial ? { ...before, ...value } : value];
  });
  return Object.fromEntries([...Object.entries(base), ...entries]);
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
  const kinds = SIDES.filter((side) => !KINDS_OFFERED.includes(terms[side].kind)).map((side) =>
    problem(`${side}.kind`, "not_available"),
  );
  return WHENS_OFFERED.includes(terms.friend.when) ? kinds : [...kinds, problem("friend.when", "not_available")];
}
