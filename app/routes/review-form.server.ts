import { json } from "@remix-run/node";
import { REVIEW_INTENTS } from "../domain/review/choices.ts";
import type { ReviewInput, ReviewResult, ReviewSide } from "../goodword.ts";

const SIDES: readonly ReviewSide[] = ["referrer", "friend", "both"];
const NEEDS_REASON: ReadonlySet<string> = new Set(["reject", "undo"]);
const TEXT_CHARACTERS_MAX = 500;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export type ReviewAnswer =
  | { readonly outcome: "decided"; readonly state: string }
  | { readonly outcome: "waits_for_second" }
  | { readonly error: { readonly code: string; readonly message: string } };

/**
 * Reads a review form, or null when a field is missing or malformed. A rejection and its undo need a reason, a note needs
 * words. A reason that comes with any other intent is that of a field nobody asked about.
 */
export function readReviewForm(form: FormData): Omit<ReviewInput, "shopId" | "actor"> | null {
  const intent = REVIEW_INTENTS.find((known) => known === form.get("intent"));
  const caseId = text(form, "caseId");
  const version = text(form, "version");
  const typedSide = text(form, "side");
  const side = SIDES.find((known) => known === typedSide) ?? null;
  const note = text(form, "note");
  if (intent === undefined || caseId === null || !isCaseId(caseId) || version === null || !/^\d{1,9}$/.test(version))
    return null;
  if (typedSide !== null && side === null) return null;
  const reason = NEEDS_REASON.has(intent) ? text(form, "reason") : null;
  if (NEEDS_REASON.has(intent) && reason === null) return null;
  if (intent === "note" && note === null) return null;
  return { intent, caseId, version: Number(version), side, reason, note };
}

/** What became of a review as the JSON that pages and other programs read. */
export function answerReview(result: ReviewResult): Response {
  switch (result.outcome) {
    case "decided":
    case "waits_for_second":
      return json<ReviewAnswer>(result);
    case "stale":
      return refuse(409, "stale_version", "Somebody else changed this first. Look again.");
    case "not_found":
      return refuse(404, "not_found", "There is no such case in this shop.");
    case "not_allowed":
      return refuse(422, "not_allowed", result.why);
  }
}

function refuse(status: number, code: string, message: string): Response {
  return json<ReviewAnswer>({ error: { code, message } }, { status });
}

/** Whether a text can be the id of a case. */
export function isCaseId(text: string): boolean {
  return UUID.test(text);
}

/** The trimmed text of a field; null when it is missing or empty. */
export function text(form: FormData, name: string): string | null {
  const value = form.get(name);
  if (typeof value !== "string") return null;
  const trimmed = value.trim().slice(0, TEXT_CHARACTERS_MAX);
  return trimmed === "" ? null : trimmed;
}
