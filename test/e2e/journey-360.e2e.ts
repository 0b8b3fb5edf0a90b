import { test } from "vitest";
import { findChromium } from "./chromium.ts";
import { playStory } from "./story.ts";

const chromium = findChromium();

test.skipIf(chromium === null)("the journey goes from a link to two codes in a browser, 360 px wide", async () => {
  if (chromium !== null) await playStory(chromium, 360, 20);
});
