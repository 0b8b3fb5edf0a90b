import type { FastifyInstance } from "fastify";
import { expect, test } from "vitest";
import { bearer, buildApp } from "#test/builders/customer-doors.ts";

const REFERRAL = "01932f2e-1111-7222-8333-444455556666";

function appealWith(app: FastifyInstance, body: unknown, change: Record<string, unknown> = {}) {
  const payload = JSON.stringify(body);
  return app.inject({ method: "POST", url: "/api/customer/appeal", headers: bearer(change), payload });
}

test("an appeal names the customer's referral and one ground of the list", async () => {
  const { app, calls } = buildApp();
  const answer = await appealWith(app, { referral: REFERRAL, ground: "order_kept" });
  expect([answer.statusCode, answer.json()]).toEqual([200, { appealed: true }]);
  await appealWith(app, { referral: REFERRAL, ground: "My friend Mara lives at 7 Orchard Way" });
  expect(calls.map(({ input }) => input)).toEqual([
    { customerId: "7001", referralId: REFERRAL, ground: "order_kept" },
    { customerId: "7001", referralId: REFERRAL, ground: "other" },
  ]);
});

test.each([
  ["known", 200, undefined],
  ["not_found", 404, "not_found"],
  ["not_appealable", 409, "not_appealable"],
  ["too_many", 429, "too_many_requests"],
] as const)("an appeal that is %s is answered %d", async (outcome, status, code) => {
  const { app } = buildApp({ appealReferral: async () => ({ outcome }) });
  const answer = await appealWith(app, { referral: REFERRAL });
  expect([answer.statusCode, answer.json().error?.code]).toEqual([status, code]);
});

test.each([
  ["no referral", {}, {}, 400, "bad_request"],
  ["something that is no id", { referral: "../../people" }, {}, 400, "bad_request"],
  ["a token for another app", { referral: REFERRAL }, { aud: "another" }, 401, "foreign_audience"],
  ["a token without a customer", { referral: REFERRAL }, { sub: undefined }, 401, "customer_required"],
])("an appeal with %s is refused and calls nothing", async (_what, body, change, status, code) => {
  const { app, calls } = buildApp();
  const answer = await appealWith(app, body, change);
  expect([answer.statusCode, answer.json().error.code, calls.length]).toEqual([status, code, 0]);
});
