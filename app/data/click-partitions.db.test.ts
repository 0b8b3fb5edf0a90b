import { afterAll, expect, test } from "vitest";

import { newId } from "#app/platform/ids.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";

import { dropClickPartitions, ensureClickPartitions } from "./click-partitions.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const NOW = new Date("2026-11-20T10:00:00Z");
const tap = (at: string) =>
  db.pools.door.query("INSERT INTO clicks (shop_id, clicked_at, id) VALUES ($1, $2, $3)", [newId(), at, newId()]);
const countIn = async (table: string) => Number((await db.ownerPool.query(`SELECT FROM ${table}`)).rowCount);

test("partitions of clicks are made three months ahead, once, also by two at a time, and take what the default had caught", async () => {
  await tap("2027-02-28T23:59:59.999Z");
  const [one, two] = [await db.ownerPool.connect(), await db.ownerPool.connect()];
  const made = await Promise.all([ensureClickPartitions(one, NOW), ensureClickPartitions(two, NOW)]);
  expect(made.flatMap((result) => result.made).toSorted()).toEqual([
    "clicks_2026_11",
    "clicks_2026_12",
    "clicks_2027_01",
    "clicks_2027_02",
  ]);
  await tap("2026-11-30T23:59:59.999Z");
  await tap("2026-12-01T00:00:00.000Z");
  expect(await countIn("clicks_2027_02")).toBe(1);
  expect(await countIn("clicks_2026_11")).toBe(1);
  expect(await countIn("clicks_2026_12")).toBe(1);
  expect(await countIn("clicks_default")).toBe(0);
  expect(await countIn("check_catalog")).toBe(0);
  await expect(db.pools.app.query("SELECT FROM clicks_2026_11")).rejects.toMatchObject({ code: "42501" });
  one.release();
  two.release();
});

test("a partition of clicks is dropped when all of its month is past", async () => {
  const client = await db.ownerPool.connect();
  await ensureClickPartitions(client, new Date("2025-01-10T00:00:00Z"));
  expect(await dropClickPartitions(client, new Date("2025-02-28T00:00:00Z"))).toEqual(["clicks_2025_01"]);
  expect(await dropClickPartitions(client, new Date("2025-03-01T00:00:00Z"))).toEqual(["clicks_2025_02"]);
  client.release();
});
