import { test } from "vitest";
import { findChromium } from "./chromium.ts";
import { expectNoProblems } from "./person.ts";
import { part, setStage } from "./stage.ts";
import {
  bothArePaid,
  merchantAnswersIt,
  merchantFindsTheAppeal,
  noahOrdersTooLate,
  priyaAppeals,
} from "./story-appeal.ts";

const chromium = findChromium();

test.skipIf(chromium === null)("an appeal is opened by hand from its own form, and both sides are paid", async () => {
  if (chromium === null) return;
  const stage = await setStage(chromium, 1280, 60);
  const appealed = await part(stage, "a friend orders too late", () => noahOrdersTooLate(stage));
  await part(stage, "the referrer appeals", () => priyaAppeals(stage, appealed.priya));
  const merchant = await part(stage, "the merchant finds the appeal", () => merchantFindsTheAppeal(stage));
  await part(stage, "the merchant answers it", () => merchantAnswersIt(merchant, appealed));
  await part(stage, "both are paid", () => bothArePaid(stage, merchant, appealed));
  for (const person of stage.people) expectNoProblems(person, "in the end");
});
