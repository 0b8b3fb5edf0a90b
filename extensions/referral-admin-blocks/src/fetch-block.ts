const TIMEOUT_MS = 10_000;

export type Referral = {
  readonly id: string;
  readonly state: string;
  readonly why: string;
  readonly referrer: string | null;
  readonly friend: string | null;
};

export type BlockFacts = {
  readonly referrals: readonly Referral[];
  readonly ownLink: { readonly code: string; readonly friends: number; readonly rewarded: number } | null;
};

/**
 * Asks the app about the order or customer of this page; null when it cannot be asked. The admin resolves the path against the
 * app's address and signs the call for the member of staff.
 */
export async function fetchBlock(kind: "order" | "customer"): Promise<BlockFacts | null> {
  try {
    const id = shopify.data.selected[0]?.id.split("/").at(-1) ?? "";
    const response = await fetch(`/api/admin/${kind}/${id}`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const answer: unknown = await response.json();
    return response.ok && isFacts(answer) ? answer : null;
  } catch {
    return null; // said to the reader by the state that this becomes
  }
}

function isFacts(answer: unknown): answer is BlockFacts {
  return typeof answer === "object" && answer !== null && "referrals" in answer && Array.isArray(answer.referrals);
}
