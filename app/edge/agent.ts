import { isbot } from "isbot";

const REMEMBERED_MAX = 5_000;
const remembered = new Map<string, boolean>();

/**
 * Fetchers that show a link's title in a chat. Only their own names are listed: the browsers inside the same apps carry
 * the app's name as well, and those are people.
 */
const PREVIEW_FETCHER =
  /facebookexternalhit|facebot|twitterbot|slackbot|discordbot|telegrambot|whatsapp\/|linkedinbot|skypeuripreview|pinterestbot|redditbot|vkshare|^viber|mattermost-bot|iframely|embedly|snap url preview|google-pagerenderer|bitlybot|^signal/i;

/** Whether a user agent says of itself that it is a crawler, a headless browser or a script. */
export function isBotAgent(agent: string): boolean {
  const known = remembered.get(agent);
  if (known !== undefined) return known;
  if (remembered.size >= REMEMBERED_MAX) remembered.clear();
  const answer = isbot(agent);
  remembered.set(agent, answer);
  return answer;
}

/** Whether a user agent fetches a page to show its title and description in a chat. */
export function isPreviewFetcher(agent: string): boolean {
  return PREVIEW_FETCHER.test(agent);
}

/** Whether a browser fetches ahead of a tap that may never come. */
export function isPrefetch(headers: Readonly<Record<string, string | string[] | undefined>>): boolean {
  return [headers["sec-purpose"], headers["purpose"], headers["x-purpose"], headers["x-moz"]].some(
    (value) => typeof value === "string" && /prefetch|prerender|preview/i.test(value),
  );
}

/**
 * Whether a browser says that what it loads is no page somebody looks at: a picture, a frame, a script. Browsers tell it
 * since 2023; where nothing is said, nothing is assumed.
 */
export function isForced(headers: Readonly<Record<string, string | string[] | undefined>>): boolean {
  const destination = headers["sec-fetch-dest"];
  return typeof destination === "string" && destination !== "document";
}
