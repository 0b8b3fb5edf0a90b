import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser } from "playwright-core";
import { findChromium, openBrowser } from "../../test/e2e/chromium.ts";
import { atMost, told } from "../lib/bench.ts";
import type { Bench, BenchOptions, BenchResult } from "../lib/bench.ts";
import { median } from "../lib/stats.ts";

const EXTENSION = join(import.meta.dirname, "..", "..", "extensions", "referral-storefront");
const GZIP_BYTES_MAX = 4 * 1024;
/** What a rival's script weighs: Loox Referrals. */
const RIVAL_BYTES = 274 * 1024;
const SETTLE_MS = 600;
/** The app's answer to the script's question, so that the banner is shown and measured too. */
const CLAIM = "/a/r/api/claim";
const BANNER = 'data-locale="en" data-banner="{from} gave you {offer}" data-friend="A friend" data-dismiss="Dismiss"';
const OFFER = JSON.stringify({ welcomeCode: null, from: "Dan", offer: { friend: "£10 off" } });

/** What the theme extension costs a storefront: bytes, main-thread time, layout shift, other origins. */
export const storefront: Bench = {
  name: "storefront",
  about: "gzip bytes of the theme embed, its main-thread time and layout shift in Chromium, and whom it calls",
  async run(options) {
    const bytes = gzipSync(embed()).length;
    const size = atMost(
      { name: "theme embed, gzip", value: bytes, unit: "bytes", baseline: RIVAL_BYTES },
      GZIP_BYTES_MAX,
    );
    const program = findChromium();
    if (program === null) {
      options.say("Chromium is not installed: only the bytes are measured");
      return [size];
    }
    const browser = await openBrowser(program);
    try {
      return [size, ...(await inBrowser(browser, options))];
    } finally {
      await browser.close();
    }
  },
};

/** The script of every page. The block's own is on the pages alone where a merchant put the block; a test holds it to 4 KB, too. */
function embed(): Buffer {
  return readFileSync(join(EXTENSION, "assets", "referral.js"));
}

type Visit = { readonly scriptMs: number; readonly shift: number; readonly others: number };

async function inBrowser(browser: Browser, options: BenchOptions): Promise<BenchResult[]> {
  const visits: { with: Visit[]; without: Visit[] } = { with: [], without: [] };
  for (let round = 0; round <= options.rounds; round += 1) {
    for (const kind of ["with", "without"] as const) {
      const visit = await visitPage(browser, kind === "with");
      if (round > 0) visits[kind].push(visit);
    }
  }
  const worst = (of: "shift" | "others"): number => Math.max(...visits.with.map((visit) => visit[of]));
  const scriptMs = (kind: "with" | "without"): number => median(visits[kind].map((visit) => visit.scriptMs));
  return [
    told({ name: "script time of a page", value: scriptMs("with"), unit: "ms", baseline: scriptMs("without") }),
    atMost({ name: "layout shift", value: worst("shift"), unit: "CLS" }, 0),
    atMost({ name: "calls to other origins", value: worst("others"), unit: "calls" }, 0),
  ];
}

/** Opens a page that a tapped link led to, with or without the script. */
async function visitPage(browser: Browser, hasScript: boolean): Promise<Visit> {
  const server = createServer((request, response) => {
    if (request.url?.startsWith("/referral.js") === true)
      response.writeHead(200, { "content-type": "text/javascript" }).end(embed());
    else if (request.url?.startsWith("/page") === true)
      response.writeHead(200, { "content-type": "text/html" }).end(page(hasScript));
    else response.writeHead(200, { "content-type": "application/json" }).end(request.url === CLAIM ? OFFER : "{}");
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on a port
  const tab = await browser.newPage();
  let others = 0;
  tab.on("request", (request) => {
    if (!request.url().startsWith(origin)) others += 1;
  });
  try {
    const session = await tab.context().newCDPSession(tab);
    await session.send("Performance.enable");
    await tab.goto(`${origin}/page?ref_token=${"A".repeat(120)}`);
    await tab.waitForTimeout(SETTLE_MS);
    const { metrics } = await session.send("Performance.getMetrics");
    const seconds = metrics.find((metric) => metric.name === "ScriptDuration")?.value ?? 0;
    return { scriptMs: seconds * 1_000, shift: Number(await tab.evaluate("window.shift")), others };
  } finally {
    await tab.close();
    server.closeAllConnections();
    server.close();
  }
}

function page(hasScript: boolean): string {
  const observe =
    "window.shift=0;new PerformanceObserver(l=>{for(const e of l.getEntries())window.shift+=e.value}).observe({type:'layout-shift',buffered:true})";
  const script = hasScript
    ? `<script async src="/referral.js" data-proxy-root="/a/r" data-customer="" ${BANNER}></script>`
    : "";
  return `<!doctype html><meta charset="utf-8"><title>FreshBox</title><link rel="icon" href="data:,"><script>${observe}</script>${script}<h1>FreshBox</h1>${"<p>A weekly box of vegetables.</p>".repeat(40)}`;
}
