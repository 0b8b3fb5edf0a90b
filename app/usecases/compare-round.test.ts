import { expect, test } from "vitest";
import { parseRound } from "./compare-round.ts";

const NEW = { after: null, suspects: [], seen: [], opened: 0 };

test("a round goes on where its row says", () => {
  const kept = { after: "parent-7", suspects: ["A"], seen: ["B", "C"], opened: 3 };
  expect(parseRound(kept)).toEqual(kept);
});

test.each([[null], ["round"], [{}], [{ after: 7, suspects: "A", seen: null, opened: "3" }]])(
  "a row that keeps %j begins a new round",
  (kept) => {
    expect(parseRound(kept)).toEqual(NEW);
  },
);

test("of a list, what is no code is left out, and a thousand are kept", () => {
  const seen = [1, ...Array.from({ length: 1_001 }, (_, n) => `C${n}`)];
  expect(parseRound({ seen }).seen).toEqual(seen.slice(1, 1_001));
});
