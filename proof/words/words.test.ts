import { expect, test } from "vitest";
import { createRandom } from "../lib/random.ts";
import { faultsOf } from "./judge.ts";
import { attemptsOf, playWords } from "./words.ts";

const LINK = "https://freshbox.example/a/r/7QK2A";
const GOOD = `A fine shop for you and for me, with £10 off: ${LINK}`;

test("without the gate hostile words reach customers, and the judge sees them", async () => {
  const attempts = attemptsOf(createRandom(1)).slice(0, 60);
  const played = await playWords(attempts, () => ({ outcome: "may_go_out" }));
  expect(played.violations.length).toBeGreaterThan(30);
});

test.each([
  ["a second link", GOOD.replace("shop", LINK)],
  ["no link", GOOD.replace(LINK, "here")],
  ["another amount", GOOD.replace("fine", "£500")],
  ["a code", GOOD.replace("fine", "SAVEBIG")],
  ["markup", GOOD.replace("fine", "<b>fine</b>")],
  ["a link that goes on", `${GOOD}/evil`],
])("the judge sees %s", (_what, text) => {
  const values = { link: LINK, reward: "£10 off", name: null };
  expect(faultsOf({ kind: "invite", text: GOOD, values })).toEqual([]);
  expect(faultsOf({ kind: "invite", text, values })).not.toEqual([]);
});
