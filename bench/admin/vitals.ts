import type { BrowserContext, Frame, Page } from "playwright-core";

/** What a browser says of one opened page. Times in ms; the shift is a sum without unit. */
export type Vitals = { readonly lcpMs: number; readonly inpMs: number; readonly shift: number };

const SETTLE_MS = 400;
const OPEN_TIMEOUT_MS = 60_000;
/** Watches every frame from its first byte: the app is one inside the admin. */
const WATCH = `
  window.vitals = { lcp: 0, inp: 0, shift: 0 };
  const on = (type, note, more) => new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true, ...more });
  on("largest-contentful-paint", (entry) => { window.vitals.lcp = entry.startTime; });
  on("layout-shift", (entry) => { if (!entry.hadRecentInput) window.vitals.shift += entry.value; });
  on("event", (entry) => { if (entry.interactionId) window.vitals.inp = Math.max(window.vitals.inp, entry.duration); }, { durationThreshold: 16 });`;

/** Lets every page of a browser profile be watched. */
export async function watchVitals(context: BrowserContext): Promise<void> {
  await context.addInitScript(WATCH);
}

/**
 * Opens a page of the app in the admin, uses it, and reads what the browser measured.
 * @param use does what a merchant does first on this page
 */
export async function visit(
  page: Page,
  open: { url: string; title: string },
  use: (app: Frame) => Promise<void>,
): Promise<Vitals> {
  await page.goto(open.url);
  const app = await appFrame(page);
  await app.getByRole("heading", { level: 1, name: open.title }).waitFor({ timeout: OPEN_TIMEOUT_MS });
  await page.waitForLoadState("networkidle");
  const lcpMs = await app.evaluate<number>("window.vitals.lcp");
  await use(app);
  await page.waitForTimeout(SETTLE_MS);
  const { inp, shift } = await app.evaluate<{ inp: number; shift: number }>("window.vitals");
  return { lcpMs, inpMs: inp, shift };
}

async function appFrame(page: Page): Promise<Frame> {
  const frame = await (await page.waitForSelector("#app")).contentFrame();
  if (frame === null) throw new Error("the admin shows no app");
  return frame;
}
