import { json } from "@remix-run/node";
import type { OpenByHandInput, OpenByHandResult } from "../goodword.ts";
import { isCaseId, text } from "./review-form.server.ts";

export type OpenByHandAnswer =
  | { readonly outcome: "opened"; readonly referralId: string; readonly waitsForSecond: boolean }
  | { readonly error: { readonly code: string; readonly message: string } };

/**
 * Reads the form that opens a referral by hand. An order is given by its number in Shopify, or by the address of its page.
 * @returns null when the order or the reason is missing, or the appeal is none
 */
export function readHandForm(form: FormData): Pick<OpenByHandInput, "orderId" | "reason" | "appeal"> | null {
  const orderId = /(?:^|\/)(\d{1,19})(?:[/?#].*)?$/.exec(text(form, "order") ?? "")?.[1];
  const reason = text(form, "reason");
  if (orderId === undefined || reason === null) return null;
  const caseId = text(form, "caseId");
  if (caseId === null) return { orderId, reason, appeal: null };
  const version = text(form, "version") ?? "";
  if (!isCaseId(caseId) || !/^\d{1,9}$/.test(version)) return null;
  return { orderId, reason, appeal: { caseId, version: Number(version) } };
}

/** What became of it. */
export function answerHand(result: OpenByHandResult): Response {
  switch (result.outcome) {
    case "opened":
      return json<OpenByHandAnswer>(result);
    case "refused":
      return refuse(422, "not_allowed", result.why);
    case "stale":
      return refuse(409, "stale_version", "Somebody else changed this first. Look again.");
    case "unavailable":
      return refuse(503, "shopify_unavailable", "Shopify does not answer just now. Try again in a minute.");
  }
}

function refuse(status: number, code: string, message: string): Response {
  return json<OpenByHandAnswer>({ error: { code, message } }, { status });
}
