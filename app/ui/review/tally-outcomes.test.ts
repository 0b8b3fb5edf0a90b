import { expect, test } from "vitest";
import { decidedSentence, tallyOutcomes } from "./tally-outcomes.ts";

test("tallyOutcomes counts what would become of cases, and says why some are refused", () => {
  const one = (outcome: string, why: string | null = null) => ({ caseId: "c", outcome, why });
  expect(
    tallyOutcomes([one("stale"), one("decided"), one("decided"), one("not_allowed", "Only listed staff.")]),
  ).toEqual([
    { words: "as you asked", count: 2 },
    { words: "changed since you looked; left alone", count: 1 },
    { words: "refused: Only listed staff.", count: 1 },
  ]);
});

test.each([
  [["decided"], "Your decision was recorded"],
  [["decided", "waits_for_second"], "2 decisions were recorded"],
  [["decided", "stale"], "1 of 2 decisions were recorded"],
])("decidedSentence of %j is %s", (outcomes, sentence) => {
  expect(decidedSentence(outcomes.map((outcome) => ({ caseId: "c", outcome, why: null })))).toBe(sentence);
});
