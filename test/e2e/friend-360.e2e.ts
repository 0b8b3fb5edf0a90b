import { test } from "vitest";
import { findChromium } from "./chromium.ts";
import { expectNoProblems } from "./person.ts";
import { part, setStage } from "./stage.ts";
import {
  danTakesHisLink,
  ivyRefusesAndTakesACode,
  maraAccepts,
  maraBuysWithHerDiscount,
  maraTakesItBack,
  noraRefuses,
  priyaTakesHerLink,
  shopAsksForConsent,
} from "./story-consent.ts";

const chromium = findChromium();

test.skipIf(chromium === null)(
  "a friend is asked for consent, says yes or no, and is found again where that may be, 360 px wide",
  async () => {
    if (chromium === null) return;
    const stage = await setStage(chromium, 360, 60, { landing_path: "/products/family-box" });
    await part(stage, "the shop asks for consent", () => shopAsksForConsent(stage));
    const link = await part(stage, "Dan takes his link", () => danTakesHisLink(stage));
    const mara = await part(stage, "Mara accepts", () => maraAccepts(stage, link));
    await part(stage, "Mara buys with her discount", () => maraBuysWithHerDiscount(stage, mara));
    await part(stage, "Mara takes her consent back", () => maraTakesItBack(stage, mara));
    await part(stage, "Nora refuses", () => noraRefuses(stage, link));
    const priyas = await part(stage, "Priya takes her link", () => priyaTakesHerLink(stage));
    await part(stage, "Ivy refuses and takes a code", () => ivyRefusesAndTakesACode(stage, priyas));
    for (const person of stage.people) expectNoProblems(person, "in the end");
  },
);
