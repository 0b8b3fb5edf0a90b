import { test } from "vitest";
import { findChromium } from "./chromium.ts";
import { playStory } from "./story.ts";

const chromium = findChromium();

test.skipIf(chromium === null)("the journey goes from a link to two codes in a browser, 1280 px wide", async () => {
  if (chromium !== null) await playStory(chromium, 1280, 0);
});
