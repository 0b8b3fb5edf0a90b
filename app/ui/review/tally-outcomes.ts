/** What became of one case of several. */
export type ReviewedView = { readonly caseId: string; readonly outcome: string; readonly why: string | null };

const WORDS: Readonly<Record<string, string>> = {
  decided: "as you asked",
  waits_for_second: "your approval is the first of two; somebody else gives the second",
  stale: "changed since you looked; left alone",
  not_found: "no longer there",
};

/** Counts cases by what would become of them, most frequent first; a refusal says why. */
export function tallyOutcomes(reviewed: readonly ReviewedView[]): readonly { words: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { outcome, why } of reviewed) {
    const words = WORDS[outcome] ?? `refused: ${why ?? outcome}`;
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  return [...counts].map(([words, count]) => ({ words, count })).toSorted((left, right) => right.count - left.count);
}

/** How many decisions were recorded, in one sentence. */
export function decidedSentence(reviewed: readonly ReviewedView[]): string {
  const decided = reviewed.filter(({ outcome }) => outcome === "decided" || outcome === "waits_for_second").length;
  if (decided === reviewed.length)
    return decided === 1 ? "Your decision was recorded" : `${decided} decisions were recorded`;
  return `${decided} of ${reviewed.length} decisions were recorded`;
}
