import { join } from "node:path";
import type { Frame } from "playwright-core";
import { findChromium, openBrowser } from "../../test/e2e/chromium.ts";
import { control } from "../../proof/journey/http.ts";
import { ensureAdminBuilt } from "../../scripts/lib/admin-build.ts";
import { portsFrom } from "../../scripts/lib/ports.ts";
import { startStack } from "../../scripts/lib/stack.ts";
import type { Stack } from "../../scripts/lib/stack.ts";
import { below, countFlag, told } from "../lib/bench.ts";
import type { Bench, BenchOptions, BenchResult } from "../lib/bench.ts";
import { median, percentile } from "../lib/stats.ts";
import { growShop } from "./grow-shop.ts";
import type { Vitals } from "./vitals.ts";
import { visit, watchVitals } from "./vitals.ts";

const HOME = join(import.meta.dirname, "..", "..", ".demo");
const REFERRALS = 100_000;
const TAPS_PER_REFERRAL = 10;
const LOADS = 60;
const WARM_UP = 5;
/** Shopify's library turns programs away that say what they are. */
const BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36";
/** Of each figure, what Shopify asks of an app that is built for it. */
const ASKED = { lcpMs: 2_500, inpMs: 200, shift: 0.1 } as const;
const LIMITS = { lcpMs: 1_200, inpMs: 100, shift: 0.05, loaderMs: 60 } as const;

type AdminPage = {
  readonly name: string;
  readonly title: string;
  readonly path: string;
  /** The route whose loader is called alone. */
  readonly loader: string;
  readonly use: (app: Frame) => Promise<void>;
};

const PAGES: readonly AdminPage[] = [
  {
    name: "dashboard",
    title: "Goodword",
    path: "",
    loader: "/app?index&_data=routes%2Fapp._index",
    use: (app) => app.locator("h1").click(),
  },
  {
    name: "referrals",
    title: "Referrals",
    path: "/referrals",
    loader: "/app/referrals?index&_data=routes%2Fapp.referrals._index",
    use: (app) => app.getByRole("tab", { name: /^Held/ }).click(),
  },
  {
    name: "review",
    title: "Review",
    path: "/review",
    loader: "/app/review?_data=routes%2Fapp.review",
    use: (app) => app.getByLabel("Select, to decide several alike").first().click(),
  },
];

/** The merchant's pages over a large shop: what the browser measures, and how long their loaders take. */
export const admin: Bench = {
  name: "admin",
  about: "dashboard, referrals and review over 100,000 referrals and ten taps each (--referrals N), in Chromium",
  async run(options) {
    await ensureAdminBuilt(options.say);
    const referrals = countFlag(options, "referrals", REFERRALS);
    const home = join(HOME, `bench-admin-${options.firstPort}`);
    const stack = await startStack({ ports: portsFrom(options.firstPort), home });
    try {
      const shop = await growShop(stack, { referrals, taps: referrals * TAPS_PER_REFERRAL, say: options.say });
      const loaders: BenchResult[] = [];
      for (const page of PAGES) loaders.push(...loaderResults(page, await loaderTimes(stack, page, shop)));
      return [...loaders, ...(await inBrowser(stack, options))];
    } finally {
      await stack.stop();
    }
  },
};

/** Calls a loader as the page does when it is navigated to, one call after the other. @returns ms each */
async function loaderTimes(stack: Stack, { loader }: AdminPage, shop: string): Promise<number[]> {
  const times: number[] = [];
  for (let call = 0; call < WARM_UP + LOADS; call += 1) {
    // A session token lives for a minute, so each call has its own, as App Bridge gives it.
    const { token } = await control(stack, "POST", `shops/${shop}/id-token`, {});
    const startedAt = performance.now();
    const response = await fetch(`${stack.appUrl}${loader}`, {
      headers: { authorization: `Bearer ${String(token)}`, "user-agent": BROWSER },
    });
    await response.arrayBuffer();
    if (response.status !== 200) throw new Error(`${loader} answers ${response.status}`);
    if (call >= WARM_UP) times.push(performance.now() - startedAt);
  }
  return times;
}

function loaderResults({ name }: AdminPage, times: readonly number[]): BenchResult[] {
  return [
    below({ name: `${name}, loader p95`, value: percentile(times, 0.95), unit: "ms" }, LIMITS.loaderMs),
    told({ name: `${name}, loader p50`, value: percentile(times, 0.5), unit: "ms" }),
  ];
}

async function inBrowser(stack: Stack, options: BenchOptions): Promise<BenchResult[]> {
  const program = findChromium();
  if (program === null) {
    options.say("Chromium is not installed: only the loaders are measured");
    return [];
  }
  const browser = await openBrowser(program);
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, userAgent: BROWSER });
    await watchVitals(context);
    const tab = await context.newPage();
    const base = `http://admin.localhost:${new URL(stack.simulatorUrl).port}/store/freshbox/apps/goodword`;
    const seen = new Map<AdminPage, Vitals[]>(PAGES.map((page) => [page, []]));
    for (let round = 0; round <= options.rounds; round += 1) {
      for (const page of PAGES) {
        const vitals = await visit(tab, { url: `${base}${page.path}`, title: page.title }, page.use);
        // The first visit fills the browser's cache, as the first of a merchant does.
        if (round > 0) seen.get(page)?.push(vitals);
      }
    }
    return [...seen].flatMap(([page, vitals]) => vitalResults(page, vitals));
  } finally {
    await browser.close();
  }
}

function vitalResults({ name }: AdminPage, vitals: readonly Vitals[]): BenchResult[] {
  const middle = (of: keyof Vitals): number => median(vitals.map((one) => one[of]));
  const figure = (of: keyof Vitals, words: string, unit: string): BenchResult =>
    below({ name: `${name}, ${words}`, value: middle(of), unit, baseline: ASKED[of] }, LIMITS[of]);
  return [figure("lcpMs", "LCP", "ms"), figure("inpMs", "INP", "ms"), figure("shift", "CLS", "CLS")];
}
