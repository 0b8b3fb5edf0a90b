import { expect, test } from "vitest";
import { z } from "zod";
import type { Logger } from "#app/platform/logger.ts";
import { createCostLimiter } from "./cost-limiter.ts";
import { defineOperation } from "./operation.ts";
import { createAdminTransport } from "./transport.ts";

const shop = { shopId: "shop-1", domain: "freshbox.myshopify.com" };
const data = z.object({ done: z.boolean() });
const readOperation = defineOperation({
  name: "Read",
  kind: "read",
  document: "query Read { done }",
  data,
  costMax: 1,
});
const changeOperation = defineOperation({
  name: "Change",
  kind: "change",
  document: "mutation Change { done }",
  data,
  costMax: 10,
});

type Reply = Response | Error;

/** A transport whose calls are answered by the given replies, one after the other, the last one for ever. */
function createTransport(replies: Reply[]) {
  const tokens: (string | null)[] = [];
  const slept: number[] = [];
  const sleepMs = (ms: number) => {
    slept.push(ms);
    return Promise.resolve();
  };
  const logger = { warn: () => undefined } as unknown as Logger; // the transport uses this one method
  const transport = createAdminTransport({
    fetch: (_url, init) => {
      tokens.push(new Headers(init?.headers).get("x-shopify-access-token"));
      const reply = replies.length > 1 ? replies.shift() : replies[0];
      if (reply instanceof Response) return Promise.resolve(reply.clone());
      return Promise.reject(reply ?? new Error("no reply"));
    },
    accessTokenFor: (_shop, refused) =>
      Promise.resolve({ outcome: "ok", token: refused === undefined ? "first" : "second" }),
    limiter: createCostLimiter({ nowMs: () => 0, sleepMs }),
    logger,
    sleepMs,
  });
  return { transport, tokens, slept };
}

const ok = () => Response.json({ data: { done: true } });
const throttled = () =>
  Response.json({
    errors: [{ message: "Throttled", extensions: { code: "THROTTLED" } }],
    extensions: { cost: { requestedQueryCost: 10 } },
  });
const failed = () => new Response("oops", { status: 503 });
const reset = () => new TypeError("fetch failed", { cause: Object.assign(new Error("reset"), { code: "ECONNRESET" }) });
const refusedConnection = () =>
  new TypeError("fetch failed", { cause: Object.assign(new Error("no"), { code: "ECONNREFUSED" }) });

test("a read is repeated after a failure and gives its answer", async () => {
  const { transport, tokens } = createTransport([failed(), reset(), ok()]);
  expect(await transport.read(shop, readOperation, {})).toEqual({ outcome: "ok", data: { done: true } });
  expect(tokens).toHaveLength(3);
});

test("a read gives up after three tries", async () => {
  const { transport, tokens } = createTransport([failed()]);
  expect((await transport.read(shop, readOperation, {})).outcome).toBe("unavailable");
  expect(tokens).toHaveLength(3);
});

test.each([
  ["a 5xx", failed()],
  ["a connection that broke", reset()],
  ["a body that is no JSON", new Response("<html>", { status: 200 })],
  ["a time-out", new DOMException("timed out", "TimeoutError")],
  ["an internal error in a 200", Response.json({ errors: [{ extensions: { code: "INTERNAL_SERVER_ERROR" } }] })],
  ["an answer of another shape", Response.json({ data: { nothing: 1 } })],
] satisfies [string, Reply][])("a change is sent once and its outcome is unknown after %s", async (_what, reply) => {
  const { transport, tokens } = createTransport([reply]);
  expect(await transport.change(shop, changeOperation, {})).toEqual({ outcome: "unknown" });
  expect(tokens).toHaveLength(1);
});

test("a change that never reached Shopify is known not to have been made", async () => {
  const { transport } = createTransport([refusedConnection()]);
  expect((await transport.change(shop, changeOperation, {})).outcome).toBe("unavailable");
});

test("a throttled change comes back with a wait and was not made", async () => {
  const { transport, tokens } = createTransport([throttled()]);
  expect(await transport.change(shop, changeOperation, {})).toMatchObject({ outcome: "throttled" });
  expect(tokens).toHaveLength(1);
});

test("Retry-After counts seconds", async () => {
  const { transport } = createTransport([new Response("", { status: 429, headers: { "retry-after": "7" } })]);
  expect(await transport.change(shop, changeOperation, {})).toEqual({ outcome: "throttled", retryAfterMs: 7_000 });
});

test("a refused token is replaced and the call sent once more", async () => {
  const { transport, tokens } = createTransport([new Response("", { status: 401 }), ok()]);
  expect((await transport.change(shop, changeOperation, {})).outcome).toBe("ok");
  expect(tokens).toEqual(["first", "second"]);
});

test("a token refused twice ends in unauthorised", async () => {
  const { transport, tokens } = createTransport([new Response("", { status: 401 })]);
  expect(await transport.change(shop, changeOperation, {})).toEqual({ outcome: "unauthorised" });
  expect(tokens).toHaveLength(2);
});

test("a missing scope is refused for good", async () => {
  const { transport } = createTransport([Response.json({ errors: [{ extensions: { code: "ACCESS_DENIED" } }] })]);
  expect(await transport.read(shop, readOperation, {})).toEqual({ outcome: "refused", code: "ACCESS_DENIED" });
});

test("a read without its protected fields is still an answer", async () => {
  const withheld = { path: ["customer", "email"], extensions: { code: "ACCESS_DENIED" } };
  const { transport } = createTransport([Response.json({ data: { done: true }, errors: [withheld] })]);
  expect((await transport.read(shop, readOperation, {})).outcome).toBe("ok");
});

test("a root field that is denied is not taken for one that is not there", async () => {
  const denied = { path: ["order"], extensions: { code: "ACCESS_DENIED" } };
  const { transport } = createTransport([Response.json({ data: { done: true }, errors: [denied] })]);
  expect(await transport.read(shop, readOperation, {})).toEqual({ outcome: "refused", code: "ACCESS_DENIED" });
});

test("a frozen shop is asked again in an hour, not at once", async () => {
  const { transport, tokens } = createTransport([new Response("", { status: 423 })]);
  expect(await transport.read(shop, readOperation, {})).toEqual({ outcome: "unavailable", retryAfterMs: 3_600_000 });
  expect(tokens).toHaveLength(1);
});
