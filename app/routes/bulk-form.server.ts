import { json } from "@remix-run/node";
import type { ReviewedOne, ReviewManyInput } from "../goodword.ts";
import type { ReviewedView } from "../ui/review/tally-outcomes.ts";
import { isCaseId, text } from "./review-form.server.ts";

const CASES_MAX = 50;

export type BulkAnswer =
  | { readonly dryRun: boolean; readonly reviewed: readonly ReviewedView[] }
  | { readonly error: { readonly code: string; readonly message: string } };

/** Reads the form that decides several cases; null when it is none, or not complete. */
export function readBulkForm(form: FormData): Omit<ReviewManyInput, "shopId" | "actor"> | null {
  const intent = text(form, "intent");
  if (intent !== "approve_many" && intent !== "reject_many") return null;
  const cases = readCases(form.get("cases"));
  if (cases === null) return null;
  const reason = intent === "reject_many" ? text(form, "reason") : null;
  if (intent === "reject_many" && reason === null) return null;
  const dryRun = text(form, "dryRun") === "1";
  return { intent: intent === "reject_many" ? "reject" : "approve", cases, reason, note: text(form, "note"), dryRun };
}

function readCases(given: FormDataEntryValue | null): ReviewManyInput["cases"] | null {
  const parsed = parseList(given);
  if (parsed === null || parsed.length === 0 || parsed.length > CASES_MAX) return null;
  const cases = parsed.flatMap((each: unknown) => {
    if (typeof each !== "object" || each === null || !("caseId" in each) || !("version" in each)) return [];
    const { caseId, version } = each;
    const isCase = typeof caseId === "string" && isCaseId(caseId) && Number.isSafeInteger(version);
    return isCase ? [{ caseId, version: Number(version) }] : [];
  });
  return cases.length === parsed.length ? cases : null;
}

function parseList(given: FormDataEntryValue | null): readonly unknown[] | null {
  if (typeof given !== "string") return null;
  try {
    const parsed: unknown = JSON.parse(given);
    return Array.isArray(parsed) ? parsed : null;
  } catch {
    return null; // what is no JSON is no list of cases, and is answered as such
  }
}

/** What became of each case, or would. */
export function answerBulk(dryRun: boolean, reviewed: readonly ReviewedOne[]): Response {
  const views = reviewed.map(({ caseId, result }) => ({
    caseId,
    outcome: result.outcome,
    why: result.outcome === "not_allowed" ? result.why : null,
  }));
  return json<BulkAnswer>({ dryRun, reviewed: views });
}
