import { test } from "vitest";
import { findChromium } from "./chromium.ts";
import { expectNoProblems } from "./person.ts";
import { part, setStage } from "./stage.ts";
import { coupleSharesACard } from "./story-customers.ts";
import { merchantOpensByHand, merchantReviewsByKeyboard, merchantTriesARule } from "./story-review.ts";

const chromium = findChromium();

test.skipIf(chromium === null)(
  "a reviewer decides by keyboard, opens a referral by hand, and tries a rule",
  async () => {
    if (chromium === null) return;
    const stage = await setStage(chromium, 1280, 40);
    await part(stage, "a couple shares a card", () => coupleSharesACard(stage));
    const merchant = await part(stage, "the merchant reviews by keyboard", () => merchantReviewsByKeyboard(stage));
    await part(stage, "a referral is opened by hand", () => merchantOpensByHand(stage, merchant));
    await part(stage, "a rule is tried on the past", () => merchantTriesARule(merchant));
    for (const person of stage.people) expectNoProblems(person, "in the end");
  },
);
