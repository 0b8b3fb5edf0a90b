import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, BrowserContext, Frame, Page, Request } from "playwright-core";
import { expect } from "vitest";

/** How wide the story is told. */
export type Width = 360 | 1280;

/** Somebody with a browser of their own, and what was wrong on the pages they have seen so far. */
export type Person = {
  readonly name: string;
  readonly width: Width;
  readonly context: BrowserContext;
  readonly page: Page;
  readonly problems: string[];
};

const ACTION_TIMEOUT_MS = 20_000;
const SCREENSHOTS = join(import.meta.dirname, "..", "..", "docs", "screenshots");
/**
 * What browsers log as an error and is none: a customer without an order, or a guest, asks for a link and is told why there
 * is none; the network that the story itself cuts; and a form that a merchant did not fill in.
 */
const REFUSALS = [
  /status of (?:401|403) \(.*\) \S+\/api\/customer\/link$/,
  /ERR_FAILED \S+\/api\/customer\/\w+$/,
  /status of (?:400|422) \(.*\) \S+\/app\/people\/\S+_data=\S+$/,
];
/** Dates must read the same for a merchant anywhere, so each width sits in another time zone. */
const DEVICES = {
  1280: {
    viewport: { width: 1280, height: 800 },
    userAgent: "Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36",
    timezoneId: "Europe/London",
  },
  360: {
    viewport: { width: 360, height: 740 },
    userAgent:
      "Mozilla/5.0 (Linux; Android 16; Pixel 10) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Mobile Safari/537.36",
    timezoneId: "America/Los_Angeles",
    isMobile: true,
    hasTouch: true,
  },
} as const;

/** What is unusual about somebody's browser. */
export type BrowserHabits = { readonly javaScriptEnabled?: boolean };

/** Opens a new browser profile for somebody: cookies, storage and cart are theirs alone. */
export async function openPerson(
  browser: Browser,
  name: string,
  width: Width,
  habits: BrowserHabits = {},
): Promise<Person> {
  const context = await browser.newContext({
    ...DEVICES[width],
    ...habits,
    locale: "en-GB",
    deviceScaleFactor: 1,
    permissions: ["clipboard-read", "clipboard-write"],
  });
  context.setDefaultTimeout(ACTION_TIMEOUT_MS);
  const problems: string[] = [];
  context.on("request", (request) => noteRequest(problems, request));
  context.on("console", (message) => {
    const isRefusal = REFUSALS.some((refusal) => refusal.test(`${message.text()} ${message.location().url}`));
    if (message.type() === "error" && !isRefusal)
      problems.push(`console: ${message.text()} (${message.location().url})`);
  });
  context.on("weberror", (error) => problems.push(`exception: ${error.error().message}`));
  const page = await context.newPage();
  page.on("websocket", (socket) => {
    if (!isLoopback(socket.url())) problems.push(`left loopback: ${socket.url()}`);
  });
  return { name, width, context, page, problems };
}

function noteRequest(problems: string[], request: Request): void {
  if (!isLoopback(request.url())) problems.push(`left loopback: ${request.url()}`);
}

function isLoopback(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  if (protocol === "data:" || protocol === "blob:" || protocol === "about:") return true;
  return hostname === "localhost" || hostname === "127.0.0.1" || hostname.endsWith(".localhost");
}

/**
 * Goes over the page as a careful visitor does: nothing went wrong on it, nothing has to be scrolled sideways, and it can
 * be used by everybody (axe, serious and critical).
 */
export async function inspect(person: Person, what: string): Promise<void> {
  const { page, width } = person;
  const where = `${what} at ${String(width)} px`;
  expectNoProblems(person, where);
  for (const frame of await framesWithScripts(page))
    expect(await overflowOf(frame), `${where}: px to scroll sideways`).toBe(0);
  expect(await barriersOn(page), `${where}: accessibility`).toEqual([]);
}

/** Fails when anything left loopback, or an error was logged, on any page that this person has seen. */
export function expectNoProblems({ name, problems }: Person, where: string): void {
  expect(problems, `${where}: problems of ${name}'s browser`).toEqual([]);
}

/** Inspects the page; with `SCREENSHOTS=1` its picture is kept under that name and width. */
export async function lookAt(person: Person, name: string): Promise<void> {
  await keepPicture(person, `${name}-${String(person.width)}`);
  await inspect(person, name);
}

/** The page and the app in it; a sandboxed mail cannot be asked anything. */
async function framesWithScripts(page: Page): Promise<Frame[]> {
  const asked: Frame[] = [page.mainFrame()];
  for (const frame of page.mainFrame().childFrames()) {
    const element = await frame.frameElement();
    if ((await element.getAttribute("sandbox")) === null) asked.push(frame);
  }
  return asked;
}

/** How much wider than its window the document is, in CSS pixels. */
function overflowOf(frame: Frame): Promise<number> {
  return frame.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return Math.max(0, scrollWidth - clientWidth);
  });
}

async function barriersOn(page: Page): Promise<string[]> {
  // a sandboxed frame runs no script, axe neither
  const { violations } = await new AxeBuilder({ page }).exclude("iframe[sandbox]").analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
}

/** With `SCREENSHOTS=1`, keeps what the window shows as `docs/screenshots/{name}.png`. */
export async function keepPicture({ page }: Person, name: string): Promise<void> {
  if (process.env["SCREENSHOTS"] !== "1") return;
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), animations: "disabled", caret: "hide" });
}
