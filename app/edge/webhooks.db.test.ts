import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, expect, test } from "vitest";
import { createPools } from "#app/data/pools.ts";
import { createKeys } from "#app/platform/keys.ts";
import { API_SECRET_OLD, buildOrderPayload, installShop, openDoors, webhookHeaders } from "#test/builders/door.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";

const db = await createTestDatabase();
const keys = createKeys({ dataKey: randomBytes(32) });
const doors = openDoors(db.pools, keys);
afterAll(async () => {
  await doors.app.close();
  await db.drop();
});

type InboxRow = {
  topic: string;
  webhook_id: string;
  state: string;
  facts: Record<string, unknown>;
  next_at: Date | null;
  body_sha256: Buffer;
};

async function inboxOf(shopId: string): Promise<InboxRow[]> {
  const { rows } = await db.ownerPool.query<InboxRow>("SELECT * FROM inbox WHERE shop_id = $1 ORDER BY webhook_id", [
    shopId,
  ]);
  return rows;
}

async function inboxCount(): Promise<number> {
  const { rows } = await db.ownerPool.query<{ count: number }>("SELECT count(*)::int AS count FROM inbox");
  return rows[0]?.count ?? -1;
}

function deliver(
  shop: { domain: string },
  payload: string | Buffer | object,
  options: { topic?: string; webhookId?: string; secret?: string; headers?: Record<string, string> } = {},
) {
  const body = typeof payload === "string" || Buffer.isBuffer(payload) ? payload : JSON.stringify(payload);
  const headers = {
    ...webhookHeaders(body, { shop: shop.domain, topic: options.topic ?? "orders/paid", ...options }),
    ...options.headers,
  };
  return doors.app.inject({ method: "POST", url: "/webhooks", payload: body, headers });
}

test("a webhook that is answered 200 is committed, due at once, and its shop is rung for", async () => {
  const shop = await installShop(db.pools, keys);
  const response = await deliver(shop, buildOrderPayload(), { webhookId: "w-1" });
  expect(response.statusCode).toBe(200);
  const [row] = await inboxOf(shop.shopId);
  expect(row).toMatchObject({
    topic: "orders/paid",
    webhook_id: "w-1",
    state: "new",
    facts: { kind: "order", orderId: "6123456789012" },
  });
  expect(row?.next_at).toBeInstanceOf(Date);
  expect(doors.rung).toContain(shop.shopId);
});

test("a webhook leaves nothing personal in its row", async () => {
  const shop = await installShop(db.pools, keys);
  await deliver(shop, buildOrderPayload());
  const stored = JSON.stringify(await inboxOf(shop.shopId)).toLowerCase();
  for (const secret of [
    "mara",
    "jones",
    "example.com",
    "7946",
    "main street",
    "sw1a",
    "203.0.113",
    "iphone",
    "6a7f9943",
  ]) {
    expect(stored, secret).not.toContain(secret);
  }
});

test("a webhook that comes a hundred times at once is one row", async () => {
  const shop = await installShop(db.pools, keys);
  const responses = await Promise.all(
    Array.from({ length: 100 }, () => deliver(shop, buildOrderPayload(), { webhookId: "same" })),
  );
  expect(new Set(responses.map((response) => response.statusCode))).toEqual(new Set([200]));
  expect(await inboxOf(shop.shopId)).toHaveLength(1);
});

test("webhooks of many shops that share their ids in different orders do not wait for each other", async () => {
  const shops = await Promise.all([installShop(db.pools, keys), installShop(db.pools, keys)]);
  const ids = Array.from({ length: 50 }, (_, index) => `w-${index}`);
  const sent = [...ids, ...ids.toReversed()].flatMap((webhookId) =>
    shops.map((shop) => deliver(shop, buildOrderPayload(), { webhookId })),
  );
  expect((await Promise.all(sent)).every((response) => response.statusCode === 200)).toBe(true);
  for (const shop of shops) expect(await inboxOf(shop.shopId)).toHaveLength(50);
});

test("a webhook is accepted under the secret before the last rotation", async () => {
  const shop = await installShop(db.pools, keys);
  expect((await deliver(shop, buildOrderPayload(), { secret: API_SECRET_OLD })).statusCode).toBe(200);
});

test("a webhook with a forged HMAC, or one of a body that was printed anew, is 401 and stores nothing", async () => {
  const shop = await installShop(db.pools, keys);
  expect((await deliver(shop, buildOrderPayload(), { secret: "forged" })).statusCode).toBe(401);
  const sent = '{"id": 1.0}';
  const printed = await deliver(shop, JSON.stringify(JSON.parse(sent)), {
    headers: webhookHeaders(sent, { shop: shop.domain, topic: "orders/paid" }),
  });
  expect(printed.statusCode).toBe(401);
  expect(printed.json()).toEqual({ error: { code: "bad_hmac", message: expect.any(String) } });
  expect(await inboxOf(shop.shopId)).toEqual([]);
});

test("a webhook is refused by method, by a missing header, by compression and by size before anything is read", async () => {
  const shop = await installShop(db.pools, keys);
  const body = JSON.stringify(buildOrderPayload());
  const headers = webhookHeaders(body, { shop: shop.domain, topic: "orders/paid" });
  const before = await inboxCount();
  for (const method of ["GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"] as const) {
    const refused = await doors.app.inject({ method, url: "/webhooks", headers });
    expect([refused.statusCode, refused.headers.allow], method).toEqual([405, "POST"]);
  }
  expect((await deliver(shop, body, { headers: { "x-shopify-webhook-id": "" } })).statusCode).toBe(400);
  expect((await deliver(shop, body, { headers: { "content-encoding": "gzip" } })).statusCode).toBe(415);
  const large = await deliver(shop, `{"note":"${"x".repeat(1_000_000)}"}`);
  expect(large.statusCode).toBe(413);
  expect(large.json()).toMatchObject({ error: { code: "body_too_large" } });
  expect(await inboxCount()).toBe(before);
});

test("a webhook that grows past the limit without saying so is cut off with 413", async () => {
  const shop = await installShop(db.pools, keys);
  const address = new URL(await doors.app.listen({ port: 0, host: "127.0.0.1" }));
  const socket = connect(Number(address.port), "127.0.0.1");
  const headers = {
    ...webhookHeaders("x", { shop: shop.domain, topic: "orders/paid" }),
    host: "localhost",
    "transfer-encoding": "chunked",
  };
  socket.on("error", () => undefined); // the server may close before everything is sent
  socket.write(
    `POST /webhooks HTTP/1.1\r\n${Object.entries(headers)
      .map((pair) => pair.join(": "))
      .join("\r\n")}\r\n\r\n`,
  );
  const chunk = "y".repeat(60_000);
  for (let sent = 0; sent < 20; sent += 1) socket.write(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 413 /);
});

test.each([
  ["invalid JSON", Buffer.from('{"id":1,'), "not_json"],
  ["invalid UTF-8", Buffer.concat([Buffer.from('{"id":1,"note":"'), Buffer.of(0xff), Buffer.from('"}')]), "not_utf8"],
  ["NUL", Buffer.from('{"id":1,"note":"a\\u0000"}'), "nul"],
  ["an order without an id", Buffer.from('{"total_price":"1.00"}'), "wrong_shape"],
  ["a list", Buffer.from("[1]"), "wrong_shape"],
  ["nothing", Buffer.alloc(0), "not_json"],
])("a genuine webhook of %s is 200 and a dead letter without its bytes", async (_what, body, reason) => {
  const shop = await installShop(db.pools, keys);
  expect((await deliver(shop, body)).statusCode).toBe(200);
  const [row] = await inboxOf(shop.shopId);
  expect(row).toMatchObject({
    state: "dead",
    topic: "orders/paid",
    next_at: null,
    facts: { kind: "unreadable", reason, bodyBytes: body.length },
  });
  expect(Object.keys(row?.facts ?? {}).toSorted()).toEqual(["bodyBytes", "errorOffset", "kind", "reason"]);
  expect(row?.body_sha256).toHaveLength(32);
});

test("one webhook that PostgreSQL refuses never fails its neighbours, and is kept as a dead letter", async () => {
  const shop = await installShop(db.pools, keys);
  await db.ownerPool.query(
    `ALTER TABLE inbox ADD CONSTRAINT test_refuses CHECK (facts ->> 'orderId' <> '666' OR state = 'dead')`,
  );
  const sent = Array.from({ length: 40 }, (_, index) =>
    deliver(shop, buildOrderPayload({ id: index === 20 ? 666 : 1000 + index }), { webhookId: `w-${index}` }),
  );
  const statuses = (await Promise.all(sent)).map((response) => response.statusCode);
  await db.ownerPool.query("ALTER TABLE inbox DROP CONSTRAINT test_refuses");
  expect(new Set(statuses)).toEqual(new Set([200]));
  const rows = await inboxOf(shop.shopId);
  expect(rows).toHaveLength(40);
  expect(rows.filter((row) => row.state === "dead").map((row) => [row.webhook_id, row.facts["reason"]])).toEqual([
    ["w-20", "not_storable"],
  ]);
});

test("a webhook keeps half characters and ids above 2^53 out of harm's way", async () => {
  const shop = await installShop(db.pools, keys);
  const body = JSON.stringify(buildOrderPayload({ source_name: "we\ud800b" })).replace(
    "6123456789012,",
    "820982911946154508,",
  );
  expect((await deliver(shop, body)).statusCode).toBe(200);
  const [row] = await inboxOf(shop.shopId);
  expect(row).toMatchObject({ state: "new", facts: { orderId: "820982911946154508", sourceName: "we\ufffdb" } });
});

test("a webhook of a shop that is not known, or of a topic that is not wanted, is 200 without a row", async () => {
  const shop = await installShop(db.pools, keys);
  const before = await inboxCount();
  expect((await deliver({ domain: "stranger.myshopify.com" }, buildOrderPayload())).statusCode).toBe(200);
  expect((await deliver(shop, { id: 1 }, { topic: "products/update" })).statusCode).toBe(200);
  expect((await deliver(shop, { status: "failed" }, { topic: "customers/merge" })).statusCode).toBe(200);
  expect(await inboxCount()).toBe(before);
});

test("a webhook whose body names another shop than its header is 200 without effect", async () => {
  const [shop, other] = await Promise.all([installShop(db.pools, keys), installShop(db.pools, keys)]);
  const redact = { shop_id: 1, shop_domain: shop.domain };
  expect((await deliver(other, redact, { topic: "shop/redact" })).statusCode).toBe(200);
  expect(await inboxOf(other.shopId)).toEqual([]);
  expect((await deliver(shop, redact, { topic: "shop/redact" })).statusCode).toBe(200);
  expect(await inboxOf(shop.shopId)).toHaveLength(1);
});

test("a webhook is 503 with a time to come back while the database is away, and stored when it is sent again", async () => {
  const shop = await installShop(db.pools, keys);
  const away = createPools({ databaseUrl: "postgresql://nobody@127.0.0.1:4999/none" });
  const closed = openDoors(away, keys);
  const body = JSON.stringify(buildOrderPayload());
  const headers = webhookHeaders(body, { shop: shop.domain, topic: "orders/paid" });
  const refused = await closed.app.inject({ method: "POST", url: "/webhooks", payload: body, headers });
  expect([refused.statusCode, refused.headers["retry-after"]]).toEqual([503, "30"]);
  expect(refused.json()).toMatchObject({ error: { code: "not_stored" } });
  expect(closed.rung).toEqual([]);
  await closed.app.close();
  await away.end();
  expect((await doors.app.inject({ method: "POST", url: "/webhooks", payload: body, headers })).statusCode).toBe(200);
  expect(await inboxOf(shop.shopId)).toHaveLength(1);
});

test("a webhook is 503 when only the commit fails, and none of what was answered 200 is lost", async () => {
  const shop = await installShop(db.pools, keys);
  const pools = createPools({ databaseUrl: db.databaseUrl });
  const failing = openDoors(pools, keys);
  const send = (webhookId: string) => {
    const body = JSON.stringify(buildOrderPayload());
    return failing.app.inject({
      method: "POST",
      url: "/webhooks",
      payload: body,
      headers: webhookHeaders(body, { shop: shop.domain, topic: "orders/paid", webhookId }),
    });
  };
  expect((await send("first")).statusCode).toBe(200);
  await pools.door.end();
  expect((await send("second")).statusCode).toBe(503);
  expect((await inboxOf(shop.shopId)).map((row) => row.webhook_id)).toEqual(["first"]);
  await failing.app.close();
});
