import { randomBytes } from "node:crypto";
import { Session } from "@shopify/shopify-api";
import { afterAll, expect, test } from "vitest";
import { createSessionStorage } from "#app/data/session-storage.ts";
import { inShop } from "#app/data/tenant.ts";
import { newId, shopIdFor } from "#app/platform/ids.ts";
import { createKeys } from "#app/platform/keys.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const clock = { now: () => new Date("2026-11-20T10:00:00Z") };

function createStorage(dataKey = randomBytes(32)) {
  return createSessionStorage({ pools: db.pools, keys: createKeys({ dataKey }), clock });
}

function buildSession(change: Partial<ConstructorParameters<typeof Session>[0]> = {}): Session {
  const shop = `shop-${newId().slice(-12)}.myshopify.com`;
  return new Session({
    id: `offline_${shop}`,
    shop,
    state: "",
    isOnline: false,
    scope: "read_orders,write_discounts",
    accessToken: "shpat_secret",
    expires: new Date("2026-11-20T11:00:00Z"),
    refreshToken: "shprt_secret",
    refreshTokenExpires: new Date("2027-02-18T10:00:00Z"),
    ...change,
  });
}

test("a stored session is loaded as it was", async () => {
  const storage = createStorage();
  const session = buildSession();
  expect(await storage.storeSession(session)).toBe(true);
  expect((await storage.loadSession(session.id))?.toObject()).toEqual(session.toObject());
});

test("storing a session again replaces both tokens", async () => {
  const storage = createStorage();
  const session = buildSession();
  await storage.storeSession(session);
  await storage.storeSession(
    new Session({ ...session.toObject(), accessToken: "shpat_new", refreshToken: "shprt_new" }),
  );
  const loaded = await storage.loadSession(session.id);
  expect([loaded?.accessToken, loaded?.refreshToken]).toEqual(["shpat_new", "shprt_new"]);
});

test("neither a token nor a name or e-mail of the staff is in the table in clear", async () => {
  const storage = createStorage();
  const { shop } = buildSession();
  const associated_user = {
    id: 902541635,
    first_name: "Alexandra",
    last_name: "Merchant",
    email: "alex@merchant.example",
    email_verified: true,
    account_owner: true,
    locale: "en",
    collaborator: false,
  };
  const online = buildSession({
    id: `${shop}_902541635`,
    shop,
    isOnline: true,
    onlineAccessInfo: { expires_in: 3600, associated_user_scope: "read_orders", associated_user },
  });
  await storage.storeSession(online);
  const { rows } = await db.ownerPool.query(
    "SELECT s::text AS row, encode(access_token, 'escape') AS token FROM sessions s WHERE id = $1",
    [online.id],
  );
  const stored = JSON.stringify(rows);
  for (const secret of ["shpat_secret", "shprt_secret", "Alexandra", "alex@merchant"])
    expect(stored).not.toContain(secret);
  expect((await storage.loadSession(online.id))?.onlineAccessInfo?.associated_user.id).toBe(902541635);
});

test("a sealed token that is moved to another session, column or shop does not open", async () => {
  const storage = createStorage();
  const session = buildSession();
  const other = buildSession({ accessToken: "shpat_other" });
  const second = buildSession({ id: `${session.shop}_7`, shop: session.shop, accessToken: "shpat_second" });
  for (const one of [session, other, second]) await storage.storeSession(one);
  const steal = (from: Session, column: string) =>
    db.ownerPool.query(
      `UPDATE sessions SET access_token = (SELECT ${column} FROM sessions WHERE shop_id = $1 AND id = $2) WHERE shop_id = $3 AND id = $4`,
      [shopIdFor(from.shop), from.id, shopIdFor(session.shop), session.id],
    );
  for (const [from, column] of [
    [other, "access_token"],
    [second, "access_token"],
    [session, "refresh_token"],
  ] as const) {
    await steal(from, column);
    expect((await storage.loadSession(session.id))?.accessToken, column).toBeUndefined();
  }
});

test("a session sealed under a key that is gone loads without its tokens, so that it is made anew", async () => {
  const session = buildSession();
  await createStorage().storeSession(session);
  const loaded = await createStorage().loadSession(session.id);
  expect(loaded?.accessToken).toBeUndefined();
  expect(loaded?.isActive(undefined)).toBe(false);
});

test("deleting sessions forgets those that are named and no others", async () => {
  const storage = createStorage();
  const [first, second, third] = [buildSession(), buildSession(), buildSession()];
  for (const session of [first, second, third]) await storage.storeSession(session);
  await storage.deleteSessions([first.id, second.id, "not-an-id"]);
  expect(await storage.loadSession(first.id)).toBeUndefined();
  expect(await storage.loadSession(second.id)).toBeUndefined();
  expect(await storage.deleteSession(third.id)).toBe(true);
  expect(await storage.findSessionsByShop(third.shop)).toEqual([]);
});

test("findSessionsByShop gives the sessions of one shop alone", async () => {
  const storage = createStorage();
  const session = buildSession();
  await storage.storeSession(session);
  await storage.storeSession(buildSession());
  expect((await storage.findSessionsByShop(session.shop)).map((found) => found.id)).toEqual([session.id]);
});

test("another shop's transaction sees no session of this one", async () => {
  const session = buildSession();
  await createStorage().storeSession(session);
  const rows = await inShop(db.pools, newId(), (tx) => tx.query("SELECT id FROM sessions WHERE id = $1", [session.id]));
  expect(rows).toEqual([]);
});

test("an id that names no shop is nobody's session", async () => {
  expect(await createStorage().loadSession("8f14e45f-ceea-467f-9d3b-0f9a3f1c2d3e")).toBeUndefined();
});
