import { afterAll, beforeAll, expect, test } from "vitest";
import { buildAdmin } from "../../scripts/build.ts";
import { CASE_ID, PERSON_ID, REFERRAL_ID } from "./preview-views.ts";
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
  ["/app/review", "£31.50 of £42.00 (75 %)"],
  [`/app/people/${PERSON_ID}`, "Retire the link"],
  [`/app/people/${PERSON_ID}`, "A friend who was not credited"],
  ["/app/review", "The friend&#x27;s order"],
  ["/app/review", "It was rejected with its order on record."],
  ["/app/review", "0 of 2 held referrals selected"],
  ["/app/review/team", "Only people on this list decide"],
  ["/app/program", "The offer"],
  ["/app/words", "Your voice"],
  ["/app/words", "The mail server refused the address"],
  ["/app/health", "Payouts"],
  ["/app/health", "Work is late"],
  ["/app/health", "The code is gone from the shop"],
  ["/app/health", "came without a message from Shopify"],
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

test("every case is a form that a browser without scripts can send: its id, its version, a button an answer", async () => {
  const html = await (await page(`/app/review?${ENTERED}`)).text();
  const [form = ""] = html.split("<form").filter((part) => part.includes('value="withdraw"'));
  expect(form).toContain(`name="caseId" value="${CASE_ID.replace("c1", "c2")}"`);
  expect(form).toContain('name="version" value="1"');
  const buttons = [...form.matchAll(/<button[^>]*name="intent"[^>]*>/g)].map(([tag]) => ({
    intent: /value="([a-z_]+)"/.exec(tag)?.[1],
    isDisabled: tag.includes("disabled"),
  }));
  expect(buttons).toEqual([
    { intent: "leave", isDisabled: false },
    { intent: "withdraw", isDisabled: false },
    { intent: "claw_back", isDisabled: false },
    { intent: "goodwill", isDisabled: true },
    { intent: "note", isDisabled: false },
  ]);
  expect(form).toContain("A goodwill reward was given on this case.");
});

test("a choice after the payout goes to the use case with its side, and a reason that nobody asked for does not", async () => {
  const form = { intent: "withdraw", caseId: CASE_ID, version: "0", side: "friend", reason: "same_person" };
  expect((await post("/app/review", form)).status).toBe(200);
  expect(server.preview.calls.at(-1)).toMatchObject({
    name: "reviewCase",
    input: { intent: "withdraw", side: "friend", reason: null },
  });
});

test("several cases are tried first and then decided alike; a list that is none is refused", async () => {
  const form = { intent: "reject_many", cases: JSON.stringify([{ caseId: CASE_ID, version: 0 }]), reason: "abuse" };
  const tried = await post("/app/review", { ...form, dryRun: "1" });
  const reviewed = [{ caseId: CASE_ID, outcome: "decided", why: null }];
  expect([tried.status, await tried.json()]).toEqual([200, { dryRun: true, reviewed }]);
  expect(server.preview.calls.at(-1)).toMatchObject({
    name: "reviewMany",
    input: { intent: "reject", reason: "abuse", dryRun: true, actor: "7001" },
  });
  for (const cases of ["", "[]", "{}", "nope", '[{"caseId":"x","version":0}]', JSON.stringify(Array(51).fill({}))])
    expect((await post("/app/review", { ...form, cases })).status).toBe(400);
});

test.each([
  ["6123", "6123"],
  ["https://admin.shopify.com/store/freshbox/orders/6123?query=x", "6123"],
  ["#1001", null],
  ["", null],
])("a referral is opened by hand for the order %j: %s", async (order, orderId) => {
  const form = { intent: "open_referral", order, reason: "She wrote to us" };
  const answer = await post(`/app/people/${PERSON_ID}`, form);
  expect(answer.status).toBe(orderId === null ? 400 : 200);
  if (orderId === null) return;
  const input = { personId: PERSON_ID, orderId, reason: "She wrote to us", appeal: null, actor: "7001" };
  expect(server.preview.calls.at(-1)).toMatchObject({ name: "openByHand", input });
});

test("who decides is saved as a list and an amount, or without one", async () => {
  const form = { listedOnly: "on", listed: "7002", twoPeople: "on", secondOver: "50" };
  expect((await post("/app/review/team", form)).status).toBe(200);
  const input = { listedOnly: true, listed: ["7002"], secondOver: "50", actor: "7001" };
  expect(server.preview.calls.at(-1)).toMatchObject({ name: "setReviewRules", input });
  await post("/app/review/team", {});
  expect(server.preview.calls.at(-1)).toMatchObject({ input: { listedOnly: false, listed: [], secondOver: null } });
});

test("both people of a referral are shown, and no cache keeps them", async () => {
  const shown = await page(`/app/referrals/${REFERRAL_ID}/people`);
  expect([shown.status, shown.headers.get("cache-control")]).toEqual([200, "no-store"]);
  expect((await shown.json()).comparison).toContainEqual(expect.objectContaining({ fact: "card", likeness: "same" }));
});

test("a link is retired from its owner's page, with a reason", async () => {
  const path = `/app/people/${PERSON_ID}`;
  const retired = await post(path, { intent: "retire_code", reason: "abuse" });
  expect([retired.status, await retired.json()]).toEqual([200, { outcome: "retired", voided: 1 }]);
  expect(server.preview.calls.at(-1)).toMatchObject({
    name: "retireCode",
    input: { personId: PERSON_ID, reason: "abuse", actor: "7001" },
  });
  for (const fields of [
    { intent: "retire_code" },
    { intent: "retire_code", reason: "why not" },
    { intent: "ban", reason: "abuse" },
  ])
    expect((await post(path, fields)).status).toBe(400);
  expect((await post("/app/people/nobody", { intent: "retire_code", reason: "abuse" })).status).toBe(404);
});

test.each([
  ["with a side that there is not", { intent: "withdraw", caseId: CASE_ID, version: "0", side: "everybody" }],
  ["that undoes without a reason", { intent: "undo", caseId: CASE_ID, version: "0" }],
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

test("what a code's limit counts is said on the home page, in two words and no others", async () => {
  const said = await post("/app?index", { intent: "usage_limit", counts: "discount" });
  expect([said.status, await said.json()]).toEqual([200, { outcome: "saved" }]);
  expect(server.preview.calls.at(-1)).toMatchObject({
    name: "setUsageLimit",
    input: { counts: "discount", actor: "7001" },
  });
  const before = server.preview.calls.length;
  for (const form of [{ intent: "usage_limit", counts: "many" }, { intent: "usage_limit" }, { counts: "code" }])
    expect((await post("/app?index", form)).status).toBe(400);
  expect(server.preview.calls.length).toBe(before);
});

test("the programme offers what Shopify has yet to allow, with a way to allow it", async () => {
  const html = await (await page("/app/program")).text();
  expect(html).toContain("Store credit");
  expect(html).toContain("A gift card");
  expect(html).toContain("Budget a month");
});

test("payouts are paused with a reason and resumed", async () => {
  await post("/app/health", { intent: "pause", reason: "stock-taking" });
  expect(server.preview.calls.at(-1)).toMatchObject({ name: "pausePayouts", input: { reason: "stock-taking" } });
  await post("/app/health", { intent: "resume" });
  expect(server.preview.calls.at(-1)).toMatchObject({ name: "pausePayouts", input: { reason: null } });
  expect(await (await post("/app/health", { intent: "reconcile" })).json()).toEqual({ outcome: "started" });
  const differenceId = "018f0000-0000-7000-8000-000000000001";
  const decided = await post("/app/health", { intent: "difference", differenceId, choice: "make_again" });
  expect(await decided.json()).toEqual({ outcome: "decided" });
  expect((await post("/app/health", { intent: "difference", differenceId, choice: "burn" })).status).toBe(400);
  expect((await post("/app/health", { intent: "difference", differenceId: "1", choice: "accept" })).status).toBe(400);
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
