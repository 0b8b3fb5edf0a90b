import { afterAll, beforeAll, expect, test } from "vitest";
import { buildAdmin } from "../../scripts/build.ts";
import { CASE_ID } from "./preview-views.ts";
import type { PreviewServer } from "./preview-server.ts";
import { startPreview } from "./preview-server.ts";

const DIRECTORY = "node_modules/.cache/admin-test-build";
const ENTERED = "shop=freshbox.myshopify.com";
let server: PreviewServer;

beforeAll(async () => {
  await buildAdmin({ directory: DIRECTORY, quiet: true });
  server = await startPreview(0, DIRECTORY);
});

afterAll(() => server.close());

function page(path: string, init?: RequestInit): Promise<Response> {
  return fetch(`${server.origin}${path}`, init);
}

function post(path: string, fields: Record<string, string>, accept = "application/json"): Promise<Response> {
  return page(path, { method: "POST", headers: { accept }, body: new URLSearchParams(fields) });
}

test.each([
  ["/app", "From tap to reward"],
  ["/app/referrals", "Referred by"],
  ["/app/referrals?state=HELD", "Jo"],
  ["/app/review", "Held by the screen"],
  ["/app/program", "The offer"],
  ["/app/health", "Payouts"],
  ["/app/health", "Work is late"],
  ["/app/ledger", "Trial balance in coupons"],
])("%s is drawn on the server, App Bridge first, framed by its shop alone", async (path, words) => {
  const answer = await page(`${path}${path.includes("?") ? "&" : "?"}${ENTERED}`);
  const html = await answer.text();
  expect(answer.status).toBe(200);
  expect(html).toContain(words);
  expect(html.indexOf("/app-bridge.js")).toBeLessThan(html.indexOf("<link"));
  expect(html).not.toContain("cdn.shopify.com");
  expect(answer.headers.get("content-security-policy")).toBe(
    `frame-ancestors https://freshbox.myshopify.com https://admin.shopify.com ${server.origin} http://admin.localhost:${new URL(server.origin).port}`,
  );
  expect(answer.headers.get("cache-control")).toBe("no-store");
});

test("a page that nobody is authenticated for may be framed by nobody", async () => {
  const answer = await page("/nowhere");
  expect([answer.status, answer.headers.get("content-security-policy")]).toEqual([404, "frame-ancestors 'none'"]);
});

test("the root of the app leads to its home and keeps the visit's query", async () => {
  const answer = await page(`/?${ENTERED}&host=abc`, { redirect: "manual" });
  expect([answer.status, answer.headers.get("location")]).toEqual([302, `/app?${ENTERED}&host=abc`]);
});

test("an unknown referral is a page that says so", async () => {
  const answer = await page(`/app/referrals/nope?${ENTERED}`);
  expect([answer.status, (await answer.text()).includes("There is nothing at this address")]).toEqual([404, true]);
});

test("assets are kept for a year, and nothing outside their folder is served", async () => {
  const html = await (await page("/app")).text();
  const [asset = ""] = /\/assets\/[^"]+\.css/.exec(html) ?? [];
  const found = await page(asset);
  expect([found.status, found.headers.get("cache-control")]).toEqual([200, "public, max-age=31536000, immutable"]);
  for (const path of ["/assets/..%2f..%2fserver/index.js", "/assets/nothing.js", "/assets/", "/assets/%00.js"]) {
    expect((await page(path)).status, path).toBe(404);
  }
});

test("the journal is streamed as a file for the days that were asked for, and impossible days are refused", async () => {
  const answer = await page(`/app/ledger.csv?from=2026-11-01&to=2026-11-19&${ENTERED}`);
  expect([answer.status, await answer.text()]).toEqual([200, "date,entry_id\r\n2026-11-19,e1\r\n"]);
  expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8");
  expect(answer.headers.get("content-disposition")).toBe('attachment; filename="goodword-journal-freshbox.csv"');
  const period = { fromMs: Date.parse("2026-11-01"), untilMs: Date.parse("2026-11-20") };
  expect(server.preview.calls.at(-1)).toMatchObject({ name: "journal", input: { period } });
  expect((await page(`/app/ledger.csv?from=2026-11-20&to=2026-11-19&${ENTERED}`)).status).toBe(400);
});

test("a review form that asks for JSON is answered with the outcome", async () => {
  const decided = await post("/app/review", { intent: "approve", caseId: CASE_ID, version: "0", note: "I know them." });
  expect([decided.status, await decided.json()]).toEqual([200, { outcome: "decided", state: "PENDING" }]);
  expect(server.preview.calls.at(-1)).toMatchObject({
    name: "reviewCase",
    input: { intent: "approve", caseId: CASE_ID, version: 0, note: "I know them.", reason: null, actor: "7001" },
  });
  const stale = await post("/app/review", { intent: "reject", caseId: CASE_ID, version: "3", reason: "abuse" });
  expect([stale.status, (await stale.json()).error.code]).toEqual([409, "stale_version"]);
});

test.each([
  ["without a case", { intent: "approve", version: "0" }],
  ["with a made-up intent", { intent: "pay", caseId: CASE_ID, version: "0" }],
  ["without a version", { intent: "approve", caseId: CASE_ID }],
  ["with a case that is no id", { intent: "approve", caseId: "1 OR 1=1", version: "0" }],
  ["that rejects without a reason", { intent: "reject", caseId: CASE_ID, version: "0" }],
  ["that notes nothing", { intent: "note", caseId: CASE_ID, version: "0", note: "  " }],
])("a review form %s changes nothing", async (_what, fields) => {
  const before = server.preview.calls.length;
  const answer = await post("/app/review", fields);
  expect([answer.status, (await answer.json()).error.code, server.preview.calls.length - before]).toEqual([
    400,
    "bad_request",
    0,
  ]);
});

test("saved terms answer with their version, refused ones with every problem", async () => {
  const saved = await post("/app/program", { terms: JSON.stringify({ window_days: 20 }) });
  expect([saved.status, await saved.json()]).toEqual([200, { outcome: "saved", version: 3 }]);
  expect(server.preview.calls.at(-1)).toMatchObject({
    name: "saveTerms",
    input: { patch: { window_days: 20 }, actor: "7001" },
  });
  const refused = await post("/app/program", { terms: JSON.stringify({ window_days: 99 }) });
  expect([refused.status, (await refused.json()).problems[0].path]).toEqual([422, "window_days"]);
  expect((await post("/app/program", { terms: "{" })).status).toBe(400);
});

test("refused terms are shown beside their field when a page was asked for", async () => {
  const answer = await post("/app/program", { terms: JSON.stringify({ window_days: 99 }) }, "text/html");
  expect(answer.headers.get("content-type")).toContain("text/html");
  expect(await answer.text()).toContain("This is outside the allowed range.");
});

test("payouts are paused with a reason and resumed", async () => {
  await post("/app/health", { intent: "pause", reason: "stock-taking" });
  expect(server.preview.calls.at(-1)).toMatchObject({ name: "pausePayouts", input: { reason: "stock-taking" } });
  await post("/app/health", { intent: "resume" });
  expect(server.preview.calls.at(-1)).toMatchObject({ name: "pausePayouts", input: { reason: null } });
  expect((await post("/app/health", { intent: "explode" })).status).toBe(400);
});

test.each(["Bearer expired", "none"])(
  "a form that asks for JSON with the authorisation %j is turned away in JSON",
  async (authorization) => {
    const before = server.preview.calls.length;
    const headers = { accept: "application/json", authorization };
    const answer = await page("/app/review", {
      method: "POST",
      headers,
      body: new URLSearchParams({ intent: "approve" }),
    });
    expect([answer.status, (await answer.json()).error.code, server.preview.calls.length - before]).toEqual([
      401,
      "unauthorised",
      0,
    ]);
  },
);

test("a form over the limit is refused", async () => {
  const before = server.preview.calls.length;
  const answer = await post("/app/program", { terms: "x".repeat(400_000) });
  expect([answer.status, server.preview.calls.length - before]).toEqual([413, 0]);
});

test("a page without a session of an installed shop says that it is not ready", async () => {
  server.preview.setInstalled(false);
  const answer = await page("/app");
  server.preview.setInstalled(true);
  expect([answer.status, answer.headers.get("content-security-policy")]).toEqual([503, "frame-ancestors 'none'"]);
});
