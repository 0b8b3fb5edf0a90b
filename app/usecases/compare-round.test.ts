import { expect, test } from "vitest";
import { parseRound } from "./compare-round.ts";

const NEW = { step: 0, after: null, suspects: [], seen: [], missingBefore: [], missing: [], opened: 0 };

test("a round goes on where its row says", () => {
  const lists = { suspects: ["A"], seen: ["B", "C"], missingBefore: ["5001"], missing: ["5002"] };
  const kept = { step: 1, after: "parent-7", ...lists, opened: 3 };
  expect(parseRound(kept)).toEqual(kept);
});

test.each([[null], ["round"], [{}], [{ step: "1", after: 7, suspects: "A", seen: null, missing: 1, opened: "3" }]])(
  "a row that keeps %j begins a new round",
  (kept) => {
    expect(parseRound(kept)).toEqual(NEW);
  },
);

test("of a list, what is no name is left out, and a thousand are kept", () => {
  const seen = [1, ...Array.from({ length: 1_001 }, (_, n) => `C${n}`)];
  expect(parseRound({ seen }).seen).toEqual(seen.slice(1, 1_001));
});
