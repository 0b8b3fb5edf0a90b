import { randomBytes } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { newId } from "#app/platform/ids.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { factsText, storeDeliveries } from "./inbox-door.repo.ts";
import type { DeliveryRow } from "./inbox-door.repo.ts";

const db = await createTestDatabase();
afterAll(db.drop);

function buildRow(changes: Partial<DeliveryRow> = {}): DeliveryRow {
  return {
    shopId: newId(),
    id: newId(),
    topic: "orders/paid",
    webhookId: newId(),
    eventId: null,
    bodySha256: "ab".repeat(32),
    facts: factsText({ kind: "shop_redact" }),
    state: "new",
    receivedAt: new Date("2026-11-20T12:00:00.123Z"),
    ...changes,
  };
}

test("storeDeliveries stores a row as it was given, due at once; a dead letter is never due", async () => {
  const shopId = newId();
  await storeDeliveries(db.pools, [
    buildRow({ shopId, webhookId: "a" }),
    buildRow({ shopId, webhookId: "b", state: "dead" }),
  ]);
  const { rows } = await db.ownerPool.query("SELECT * FROM inbox WHERE shop_id = $1 ORDER BY webhook_id", [shopId]);
  const receivedAt = new Date("2026-11-20T12:00:00.123Z");
  expect(rows).toMatchObject([
    {
      webhook_id: "a",
      state: "new",
      next_at: receivedAt,
      received_at: receivedAt,
      facts: { kind: "shop_redact" },
      attempts: 0,
    },
    { webhook_id: "b", state: "dead", next_at: null },
  ]);
  expect(rows[0].body_sha256.toString("hex")).toBe("ab".repeat(32));
});

test("storeDeliveries keeps the facts of an order with its row, though they hardly compress", async () => {
  const apart = async (): Promise<unknown> => {
    const { rows } = await db.ownerPool.query(
      "SELECT pg_relation_size(reltoastrelid) AS bytes FROM pg_class WHERE oid = 'inbox'::regclass",
    );
    return rows[0].bytes;
  };
  const before = await apart();
  const scopes = [randomBytes(1_300).toString("hex")];
  await storeDeliveries(db.pools, [buildRow({ facts: factsText({ kind: "scopes", scopes }) })]);
  expect(await apart()).toBe(before);
});

test("storeDeliveries never deadlocks on two batches that hold the same deliveries in opposite orders", async () => {
  const shopId = newId();
  const rows = Array.from({ length: 3_000 }, (_, index) => buildRow({ shopId, webhookId: `w-${index}` }));
  const twins = rows.toReversed().map((row) => ({ ...row, id: newId() }));
  await Promise.all([storeDeliveries(db.pools, rows), storeDeliveries(db.pools, twins)]);
  const { rows: counted } = await db.ownerPool.query("SELECT count(*)::int AS count FROM inbox WHERE shop_id = $1", [
    shopId,
  ]);
  expect(counted).toEqual([{ count: 3_000 }]);
});

test("the door's role can read nothing of what it stores", async () => {
  await expect(db.pools.door.query("SELECT 1 FROM inbox")).rejects.toThrow("permission denied");
  await expect(db.pools.door.query("SELECT 1 FROM clicks")).rejects.toThrow("permission denied");
  await expect(db.pools.door.query("SELECT 1 FROM people")).rejects.toThrow("permission denied");
});
