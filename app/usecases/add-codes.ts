import type { CodeResult, ShopAdmin, Unauthorised, Wait } from "./ports.ts";

/** Adding codes goes on after Shopify's answer; most are there in well under a second. */
const POLLS_MAX = 8;
const POLL_EVERY_MS = 250;

export type AddedCodes =
  | { readonly outcome: "done"; readonly codes: readonly CodeResult[] }
  | { readonly outcome: "wait"; readonly reason: string }
  | { readonly outcome: "refused"; readonly code: string }
  /** There is no such discount (any more). */
  | { readonly outcome: "gone" }
  | Wait
  | Unauthorised;

/**
 * Adds up to 250 codes to a discount and waits until Shopify has said what became of each, in capitals. Safe to do again after any trouble: a
 * code that exists comes back as taken, and is never made twice.
 */
export async function addCodesAndWait(
  deps: { sleepMs: (ms: number) => Promise<void> },
  admin: ShopAdmin,
  discountId: string,
  codes: readonly string[],
): Promise<AddedCodes> {
  const added = await admin.addCodes(discountId, codes);
  if (added.outcome === "unknown") return { outcome: "wait", reason: "outcome_unknown" };
  if (added.outcome !== "ok") return added;
  for (let poll = 0; poll < POLLS_MAX; poll += 1) {
    const polled = await admin.pollCodes(added.creationId);
    switch (polled.outcome) {
      case "running":
        await deps.sleepMs(POLL_EVERY_MS);
        continue;
      case "not_found":
        return { outcome: "wait", reason: "creation_not_shown" };
      case "done":
        return polled.failed === 0 && polled.added === codes.length
          ? { outcome: "done", codes: codes.map((code) => ({ code, problem: null })) }
          : resultsOf(admin, added.creationId);
      case "refused":
      case "throttled":
      case "unavailable":
      case "unauthorised":
        return polled;
    }
  }
  return { outcome: "wait", reason: "codes_being_made" };
}

async function resultsOf(admin: ShopAdmin, creationId: string): Promise<AddedCodes> {
  const results = await admin.codeResults(creationId);
  if (results.outcome === "not_found") return { outcome: "wait", reason: "creation_not_shown" };
  if (results.outcome !== "ok") return results;
  return { outcome: "done", codes: results.codes.map(({ code, problem }) => ({ code: code.toUpperCase(), problem })) };
}
