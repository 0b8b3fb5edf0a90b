import { test } from "vitest";
import { findChromium } from "./chromium.ts";
import { expectNoProblems } from "./person.ts";
import { part, setStage } from "./stage.ts";
import {
  benBuysItNow,
  cleoPaysWithTheWallet,
  danPrintsHisCard,
  danSendsHisLink,
  eveUsesAChatApp,
  finnHasNoScript,
  gretaMeetsAnotherApp,
  merchantReadsThePixel,
} from "./story-carriers.ts";

const chromium = findChromium();

test.skipIf(chromium === null)(
  "a friend who buys past the basket, keeps nothing, or runs no script is found again, 360 px wide",
  async () => {
    if (chromium === null) return;
    const stage = await setStage(chromium, 360, 80, { landing_path: "/a/r/join" });
    const { dan, link } = await part(stage, "Dan sends his link", () => danSendsHisLink(stage));
    await part(stage, "Dan prints his card", () => danPrintsHisCard(dan, link));
    await part(stage, "Ben buys it now", () => benBuysItNow(stage, link));
    await part(stage, "Cleo pays with the wallet", () => cleoPaysWithTheWallet(stage, link));
    await part(stage, "Eve uses a chat app", () => eveUsesAChatApp(stage, link));
    await part(stage, "Finn has no script", () => finnHasNoScript(stage, link));
    await part(stage, "Greta meets another app", () => gretaMeetsAnotherApp(stage, link));
    await part(stage, "the merchant reads the pixel", () => merchantReadsThePixel(stage));
    for (const person of stage.people) expectNoProblems(person, "in the end");
  },
);
