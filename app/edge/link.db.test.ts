import { randomBytes } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { createPools } from "#app/data/pools.ts";
import { inShop } from "#app/data/tenant.ts";
import { openClickToken } from "#app/platform/click-token.ts";
import { shopIdFor } from "#app/platform/ids.ts";
import { createKeys } from "#app/platform/keys.ts";
import { PHONE_BROWSER, installShop, openDoors, tapQuery } from "#test/builders/door.ts";
import type { InstalledShop } from "#test/builders/door.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";

const db = await createTestDatabase();
const keys = createKeys({ dataKey: randomBytes(32) });
const doors = openDoors(db.pools, keys);
afterAll(async () => {
  await doors.app.close();
  await db.drop();
});

type TapOptions = {
  code?: string;
  customerId?: string;
  headers?: Record<string, string>;
  method?: "GET" | "HEAD";
  query?: string;
  door?: typeof doors;
};

async function tap(shop: Pick<InstalledShop, "domain">, options: TapOptions = {}) {
  const query =
    options.query ??
    tapQuery({ shop: shop.domain, ...(options.customerId === undefined ? {} : { customerId: options.customerId }) });
  const response = await (options.door ?? doors).app.inject({
    method: options.method ?? "GET",
    url: `/proxy/${options.code ?? "ABCDE"}?${query}`,
    headers: {
      "user-agent": PHONE_BROWSER,
      "x-forwarded-for": "203.0.113.24",
      "x-forwarded-host": "www.freshbox.example",
      ...options.headers,
    },
  });
  const location = response.headers.location === undefined ? null : new URL(response.headers.location);
  return { response, location, token: location?.searchParams.get("ref_token") ?? null };
}

async function clicksOf(shopId: string) {
  await doors.settled();
  const { rows } = await db.ownerPool.query("SELECT * FROM clicks WHERE shop_id = $1", [shopId]);
  return rows;
}

test("a tap is redirected to the pinned path with a token that says what its row says", async () => {
  const shop = await installShop(db.pools, keys, { landingPath: "/collections/new?sort=price" });
  const { response, location, token } = await tap(shop, { headers: { referer: "https://l.instagram.com/x?y=1" } });
  expect(response.statusCode).toBe(302);
  expect(response.headers).toMatchObject({ "cache-control": "no-store", "referrer-policy": "no-referrer" });
  expect(location?.href).toBe(`https://www.freshbox.example/collections/new?sort=price&ref_token=${token}`);
  expect(token?.length).toBeLessThanOrEqual(160);

  const opened = openClickToken(keys, token ?? "");
  if (opened.outcome !== "genuine") throw new Error("the token is ours");
  expect(opened.facts).toMatchObject({ shopId: shop.shopId, codeText: "ABCDE", flags: 0 });
  expect(opened.facts.expiresAt.getTime() - opened.facts.issuedAt.getTime()).toBe(30 * 86_400_000);
  const [row] = await clicksOf(shop.shopId);
  expect(row).toMatchObject({
    id: opened.facts.clickId,
    clicked_at: opened.facts.issuedAt,
    code_id: shop.codeId,
    referrer_host: "l.instagram.com",
    flags: 0,
  });
  expect([row.ip_hash, row.prefix_hash, row.agent_hash].map((hash: Buffer) => hash.length)).toEqual([16, 16, 16]);
});

test("a tap may be typed in small letters, and its link may carry whatever was added to it", async () => {
  const shop = await installShop(db.pools, keys);
  const query = tapQuery({
    shop: shop.domain,
    extra: [
      ["Ref", "1"],
      ["to", "https://evil.example"],
      ["ref_token", "forged"],
    ],
  });
  const { location, token } = await tap(shop, { code: "abcde", query });
  expect(location?.origin).toBe("https://www.freshbox.example");
  expect([...(location?.searchParams ?? [])]).toEqual([["ref_token", token]]);
  expect(openClickToken(keys, token ?? "").outcome).toBe("genuine");
});

test.each([
  "evil.example",
  "www.freshbox.example, evil.example",
  "freshbox.example.evil.example",
  "evil.example:443@freshbox.example",
])("a tap that was forwarded from %s goes to the shop's own domain", async (host) => {
  const shop = await installShop(db.pools, keys);
  const { location } = await tap(shop, { headers: { "x-forwarded-host": host } });
  expect(location?.origin).toBe("https://freshbox.example");
});

test("a tap never leaves the shop, even when another site got into the stored path", async () => {
  const shop = await installShop(db.pools, keys);
  await db.ownerPool.query("ALTER TABLE terms DISABLE TRIGGER USER");
  await db.ownerPool.query(
    `UPDATE terms SET settings = settings || '{"landing_path": "//evil.example/x"}' WHERE shop_id = $1`,
    [shop.shopId],
  );
  await db.ownerPool.query("ALTER TABLE terms ENABLE TRIGGER USER");
  const { response, location } = await tap(shop);
  expect(response.statusCode).toBe(302);
  expect(`${location?.origin}${location?.pathname}`).toBe("https://www.freshbox.example/");
});

test("a tap on an unknown code looks like any other, and its token resolves to nothing", async () => {
  const shop = await installShop(db.pools, keys);
  const [known, unknown] = [await tap(shop), await tap(shop, { code: "ZZZZZ" })];
  expect(unknown.response.statusCode).toBe(302);
  expect(unknown.token).toHaveLength(known.token?.length ?? 0);
  expect(Object.keys(unknown.response.headers).toSorted()).toEqual(Object.keys(known.response.headers).toSorted());
  expect(openClickToken(keys, unknown.token ?? "")).toMatchObject({ outcome: "genuine", facts: { codeText: "ZZZZZ" } });
  for (const code of ["%22%3E%3Cscript%3E", "a.b", "!", "x".repeat(60), "JOIN"]) {
    const odd = await tap(shop, { code });
    expect([odd.response.statusCode, odd.location?.pathname, odd.token !== null], code).toEqual([302, "/", true]);
  }
});

test("a tap on a retired code is redirected with its token", async () => {
  const shop = await installShop(db.pools, keys);
  await inShop(db.pools, shop.shopId, (tx) =>
    tx.execute("UPDATE codes SET state = 'retired', retired_reason = 'abuse' WHERE shop_id = $1", [shop.shopId]),
  );
  const { response, token } = await tap(shop);
  expect([response.statusCode, token !== null]).toEqual([302, true]);
});

test("a tap by a bot, ahead of time, for the headers alone or by the owner gets no token", async () => {
  const shop = await installShop(db.pools, keys, { ownerCustomerId: "7987654321098" });
  const taps = [
    await tap(shop, { headers: { "user-agent": "Googlebot/2.1 (+http://www.google.com/bot.html)" } }),
    await tap(shop, { headers: { "sec-purpose": "prefetch;prerender" } }),
    await tap(shop, { headers: { purpose: "prefetch" } }),
    await tap(shop, { method: "HEAD" }),
    await tap(shop, { customerId: "7987654321098" }),
  ];
  for (const { response, location, token } of taps) {
    expect([response.statusCode, location?.href, token]).toEqual([302, "https://www.freshbox.example/", null]);
  }
  expect((await clicksOf(shop.shopId)).map((row) => row.flags)).toEqual([1]);
  expect((await tap(shop, { customerId: "1" })).token).not.toBeNull();
});

test("a tap that a browser loads as a picture or in a frame gets a token that says so, and counts for nobody", async () => {
  const shop = await installShop(db.pools, keys);
  for (const destination of ["image", "iframe"]) {
    const { response, token } = await tap(shop, { headers: { "sec-fetch-dest": destination } });
    const opened = openClickToken(keys, token ?? "");
    expect([response.statusCode, opened.outcome === "genuine" && opened.facts.flags]).toEqual([302, 2]);
  }
  expect((await clicksOf(shop.shopId)).map((row) => row.flags)).toEqual([2, 2]);
});

test("a flood is sent on without a token and without a row", async () => {
  const shop = await installShop(db.pools, keys);
  const door = openDoors(db.pools, keys, { limits: { isFlood: (_shop, prefix) => prefix === "203.0.113" } });
  const { response, token } = await tap(shop, { door });
  expect([response.statusCode, token]).toEqual([302, null]);
  expect((await tap(shop, { door, headers: { "x-forwarded-for": "198.51.100.1" } })).token).not.toBeNull();
  await door.settled();
  expect(await clicksOf(shop.shopId)).toHaveLength(1);
  await door.app.close();
});

test("where the proxy follows redirects a page leads on, to the same address with the same token", async () => {
  const shop = await installShop(db.pools, keys);
  const door = openDoors(db.pools, keys, { answer: "page" });
  const { response } = await tap(shop, { door });
  expect([response.statusCode, response.headers["cache-control"]]).toEqual([200, "no-store"]);
  const token = /url=https:\/\/www\.freshbox\.example\/\?ref_token=([\w-]+)"/.exec(response.body)?.[1];
  expect(openClickToken(keys, token ?? "").outcome).toBe("genuine");
  await door.app.close();
});

test("a chat that fetches a link gets a page about the shop, and no tap is counted", async () => {
  const shop = await installShop(db.pools, keys);
  const { response } = await tap(shop, { headers: { "user-agent": "WhatsApp/2.24.1 A" } });
  expect(response.statusCode).toBe(200);
  expect(response.headers["content-type"]).toBe("text/html; charset=utf-8");
  expect(response.body).toContain('<meta property="og:url" content="https://www.freshbox.example/a/r/ABCDE">');
  expect(response.body).not.toContain("ref_token");
  expect(await clicksOf(shop.shopId)).toEqual([]);
});

test("a tap without a good and fresh signature is 400 and stores nothing", async () => {
  const shop = await installShop(db.pools, keys);
  const old = tapQuery({ shop: shop.domain, atSeconds: Math.floor(Date.now() / 1000) - 91 });
  const twice = tapQuery({ shop: shop.domain, extra: [["logged_in_customer_id", "1"]] });
  for (const [query, code] of [
    ["", "bad_signature"],
    [tapQuery({ shop: shop.domain, secret: "x" }), "bad_signature"],
    [old, "stale_signature"],
    [twice, "bad_signature"],
  ] as const) {
    const { response } = await tap(shop, { query });
    expect([response.statusCode, response.json().error.code]).toEqual([400, code]);
  }
  expect(await clicksOf(shop.shopId)).toEqual([]);
});

test("the other pages of the proxy are not codes", async () => {
  const shop = await installShop(db.pools, keys);
  for (const page of ["api", "qr", "card", "join", "status", "claim"]) {
    expect((await tap(shop, { code: page })).response.statusCode, page).toBe(404);
  }
});

test("a tap is redirected with a real token while the database is away, to what was known before", async () => {
  const shop = await installShop(db.pools, keys, { landingPath: "/pages/hello" });
  const away = createPools({ databaseUrl: "postgresql://nobody@127.0.0.1:4999/none" });
  const cold = openDoors(away, keys);
  const unseen = await tap(shop, { door: cold });
  expect([unseen.response.statusCode, unseen.location?.origin, unseen.location?.pathname]).toEqual([
    302,
    `https://${shop.domain}`,
    "/",
  ]);
  expect(openClickToken(keys, unseen.token ?? "")).toMatchObject({
    outcome: "genuine",
    facts: { shopId: shopIdFor(shop.domain), codeText: "ABCDE" },
  });
  await cold.app.close();
  await away.end();

  const pools = createPools({ databaseUrl: db.databaseUrl });
  const warm = openDoors(pools, keys);
  await tap(shop, { door: warm });
  await pools.end();
  const seen = await tap(shop, { door: warm });
  expect([seen.response.statusCode, seen.location?.pathname, seen.token !== null]).toEqual([302, "/pages/hello", true]);
  await warm.app.close();
});

test("a tap does not wait for a slow commit, and its row is written when it can be", async () => {
  const shop = await installShop(db.pools, keys);
  await tap(shop);
  const client = await db.ownerPool.connect();
  await client.query("BEGIN; LOCK TABLE clicks IN ACCESS EXCLUSIVE MODE");
  const startedAt = performance.now();
  const { response, token } = await tap(shop);
  const waitedMs = performance.now() - startedAt;
  await client.query("COMMIT");
  client.release();
  expect([response.statusCode, token !== null]).toEqual([302, true]);
  expect(waitedMs).toBeLessThan(500);
  expect(await clicksOf(shop.shopId)).toHaveLength(2);
});

test("taps that were answered before their rows were written have them once the door is closed", async () => {
  const shop = await installShop(db.pools, keys);
  const closing = openDoors(db.pools, keys);
  await tap(shop, { door: closing });
  const client = await db.ownerPool.connect();
  await client.query("BEGIN; LOCK TABLE clicks IN ACCESS EXCLUSIVE MODE");
  const taps = await Promise.all(Array.from({ length: 20 }, () => tap(shop, { door: closing })));
  expect(taps.every(({ token }) => token !== null)).toBe(true);
  const closed = closing.app.close();
  await client.query("COMMIT");
  client.release();
  await closed;
  const { rows } = await db.ownerPool.query("SELECT count(*)::int AS count FROM clicks WHERE shop_id = $1", [
    shop.shopId,
  ]);
  expect(rows).toEqual([{ count: 21 }]);
});

test("with the e-mail asked for first a tap leads to the page that asks for it, with its token", async () => {
  const shop = await installShop(db.pools, keys, { landingPath: "/collections/new", emailFirst: true });
  const { location, token } = await tap(shop);
  expect(location?.pathname).toBe("/a/r/join");
  expect(token).toMatch(/^[\w-]{20,160}$/);
  expect((await tap(shop, { code: "ZZZZZ" })).location?.pathname, "an unknown code leads to the shop").toBe("/");
});

test("a chat's preview is in the language that it asks for, else in the shop's", async () => {
  const shop = await installShop(db.pools, keys);
  await db.ownerPool.query(
    `INSERT INTO word_settings (shop_id, language, model_on, quiet_from, quiet_to, team_mail, updated_at)
     VALUES ($1, 'nl', false, 21, 8, '{}', now())`,
    [shop.shopId],
  );
  const agent = { "user-agent": "WhatsApp/2.24.1 A" };
  const door = openDoors(db.pools, keys);
  expect((await tap(shop, { headers: agent, door })).response.body).toContain("FreshBox wordt je aangeraden");
  const french = { ...agent, "accept-language": "fr-FR,fr;q=0.9" };
  expect((await tap(shop, { headers: french, door })).response.body).toContain("On te recommande FreshBox");
});
