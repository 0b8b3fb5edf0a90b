import { randomBytes } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { sealClickToken } from "#app/platform/click-token.ts";
import { newId } from "#app/platform/ids.ts";
import { createKeys } from "#app/platform/keys.ts";
import { installShop, openDoors } from "#test/builders/door.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";

const db = await createTestDatabase();
const keys = createKeys({ dataKey: randomBytes(32) });
const doors = openDoors(db.pools, keys);
afterAll(async () => {
  await doors.app.close();
  await db.drop();
});

function tokenOf(shopId: string): string {
  const issuedAt = new Date();
  return sealClickToken(keys, {
    shopId,
    codeText: "ABCDE",
    clickId: newId(),
    issuedAt,
    expiresAt: new Date(issuedAt.getTime() + 1000),
    flags: 0,
  });
}

function send(payload: unknown) {
  return doors.app.inject({
    method: "POST",
    url: "/api/pixel",
    payload: typeof payload === "string" ? payload : JSON.stringify(payload),
    headers: { "content-type": "text/plain" },
  });
}

async function pixelsOf(shopId: string) {
  const { rows } = await db.ownerPool.query("SELECT topic, state, facts FROM inbox WHERE shop_id = $1", [shopId]);
  return rows;
}

test("a pixel event with a token of the shop is 204 and one row, however often it is sent", async () => {
  const shop = await installShop(db.pools, keys);
  const token = tokenOf(shop.shopId);
  const event = {
    shop: shop.domain,
    checkoutToken: "6a7f9943815c1867",
    orderId: "6123456789012",
    tokens: [token, "junk"],
    device: "0f8fad5b-d9cb-469f-a165-70867728950e",
  };
  for (let times = 0; times < 3; times += 1) expect((await send(event)).statusCode).toBe(204);
  const rows = await pixelsOf(shop.shopId);
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({
    topic: "goodword/pixel",
    state: "new",
    facts: { kind: "pixel", orderId: "6123456789012", tokens: [token], device: event.device },
  });
  expect(JSON.stringify(rows)).not.toContain("6a7f9943815c1867");
});

test("a pixel event without a token of that shop is 204 and stores nothing", async () => {
  const [shop, other] = await Promise.all([installShop(db.pools, keys), installShop(db.pools, keys)]);
  const event = { shop: shop.domain, checkoutToken: "6a7f9943815c1867" };
  expect((await send({ ...event, tokens: [tokenOf(other.shopId)] })).statusCode).toBe(204);
  expect((await send({ ...event, tokens: ["x".repeat(120)] })).statusCode).toBe(204);
  expect((await send({ ...event, shop: "stranger.myshopify.com", tokens: [tokenOf(shop.shopId)] })).statusCode).toBe(
    204,
  );
  expect(await pixelsOf(shop.shopId)).toEqual([]);
});

test.each([
  "",
  "{",
  "[]",
  '{"shop":"evil.example","checkoutToken":"6a7f9943815c1867"}',
  '{"shop":"a.myshopify.com","checkoutToken":"\'"}',
])("a pixel event that reads %s is 400", async (payload) => {
  expect((await send(payload)).statusCode).toBe(400);
});

test("a pixel event over its size is 413, and a sandboxed page may send one", async () => {
  expect((await send("x".repeat(9_000))).statusCode).toBe(413);
  const preflight = await doors.app.inject({ method: "OPTIONS", url: "/api/pixel" });
  expect([preflight.statusCode, preflight.headers["access-control-allow-origin"]]).toEqual([204, "*"]);
});
