import { expect, test } from "vitest";
import { PHONE_BROWSER } from "#test/builders/door.ts";
import { isBotAgent, isForced, isPrefetch, isPreviewFetcher } from "./agent.ts";

test.each([
  "curl/8.5.0",
  "Googlebot/2.1 (+http://www.google.com/bot.html)",
  "Mozilla/5.0 HeadlessChrome/130.0",
  "python-requests/2.32",
])("isBotAgent knows %s for a script", (agent) => {
  expect(isBotAgent(agent)).toBe(true);
});

test("isBotAgent takes a phone's browser for a person", () => {
  expect(isBotAgent(PHONE_BROWSER)).toBe(false);
});

test.each([
  "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
  "WhatsApp/2.24.1 A",
  "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
  "TelegramBot (like TwitterBot)",
  "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
])("isPreviewFetcher knows %s", (agent) => {
  expect(isPreviewFetcher(agent)).toBe(true);
});

test.each([
  `${PHONE_BROWSER} [FBAN/FBIOS;FBAV/450.0]`,
  `${PHONE_BROWSER} Instagram 300.0`,
  `${PHONE_BROWSER} [Pinterest/iOS]`,
  `${PHONE_BROWSER} Line/14.0`,
])("isPreviewFetcher takes the browser inside an app for a person", (agent) => {
  expect(isPreviewFetcher(agent)).toBe(false);
});

test("isPrefetch knows browsers that fetch ahead", () => {
  expect(isPrefetch({ "sec-purpose": "prefetch;prerender" })).toBe(true);
  expect(isPrefetch({ purpose: "prefetch" })).toBe(true);
  expect(isPrefetch({ "sec-fetch-mode": "navigate" })).toBe(false);
});

test("isForced knows what a browser loads without showing it as a page, and assumes nothing", () => {
  for (const destination of ["image", "iframe", "script", "empty"])
    expect(isForced({ "sec-fetch-dest": destination })).toBe(true);
  expect(isForced({ "sec-fetch-dest": "document" })).toBe(false);
  expect(isForced({})).toBe(false);
});
