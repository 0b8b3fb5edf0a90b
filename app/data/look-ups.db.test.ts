import { afterAll, expect, test } from "vitest";
import { newId } from "#app/platform/ids.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { buildWorld } from "#test/harness/world.ts";
import { queuedNotes } from "./notes.repo.ts";
import { standingOfKeys } from "./people-of-many.repo.ts";
import { ownersOfKeys, rememberCustomers } from "./people.repo.ts";
import { ownersOfEach } from "./plain-orders.repo.ts";
import { openReferralsOf } from "./referrals.repo.ts";
import { notedAmong } from "./signals.repo.ts";
import { inShop } from "./tenant.ts";
import type { Tx } from "./tenant.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const PEOPLE = 3_000;

/** A shop of many people, each with a key, and statistics that say so: of a few rows any plan reads them all. */
async function buildCrowd(): Promise<string> {
  const { shopId } = await buildWorld(db.pools);
  await db.ownerPool.query(
    `INSERT INTO people (shop_id, id, created_at)
     SELECT $1::uuid, gen_random_uuid(), now() FROM generate_series(1, $2::int) AS n`,
    [shopId, PEOPLE],
  );
  await db.ownerPool.query(
    `INSERT INTO person_keys (shop_id, kind, hash, person_id)
     SELECT shop_id, 'customer', sha256(uuid_send(id)), id FROM people WHERE shop_id = $1`,
    [shopId],
  );
  await db.ownerPool.query("ANALYZE people, person_keys");
  return shopId;
}

/** @returns the parts of the plans in which statements of `work` read all people or all keys of the shop */
async function wholeShopReads(work: (tx: Tx, shopId: string) => Promise<unknown>): Promise<string[]> {
  const shopId = await buildCrowd();
  return inShop(db.pools, shopId, async (tx) => {
    const found: string[] = [];
    const query: Tx["query"] = async (statement, values) => {
      const text = typeof statement === "string" ? statement : statement.text;
      const plan = await tx.query<{ "QUERY PLAN": string }>(`EXPLAIN ${text}`, values);
      const lines = plan.map((line) => line["QUERY PLAN"].trim());
      expect(lines.join("\n")).toMatch(/Scan (using|on) (people|person_key)/);
      found.push(...lines.filter((line, place) => isWholeShop(line, lines[place + 1] ?? "")));
      return [];
    };
    await work({ ...tx, query }, shopId);
    return found;
  });
}

/** A scan of a table, or of an index of which nothing but the shop is asked. */
function isWholeShop(line: string, next: string): boolean {
  if (/Seq Scan on (people|person_keys)\b/.test(line)) return true;
  return /Scan (using|on) (people|person_key)/.test(line) && /^Index Cond: \(shop_id = [^()]*\)$/.test(next);
}

test("the owners of keys are found by the keys, and the others of a person by the person", async () => {
  const keys = [{ kind: "customer", hash: "ab".repeat(32) }] as const;
  expect(await wholeShopReads((tx, shopId) => ownersOfKeys(tx, shopId, keys))).toEqual([]);
});

test("a note finds its person, whoever they were merged into, by their id", async () => {
  expect(await wholeShopReads((tx, shopId) => queuedNotes(tx, shopId, [newId()]))).toEqual([]);
});

test("a page of customers is held against those whom it names", async () => {
  const customer = { personId: newId(), customerHash: "ab".repeat(32), emailHash: null, phoneHash: null };
  const page = [{ ...customer, firstOrderAt: null, lastOrderAt: null }];
  expect(await wholeShopReads((tx, shopId) => rememberCustomers(tx, shopId, page, new Date()))).toEqual([]);
});

test("the people of a batch are found by their keys, and the signals that they were seen with by theirs", async () => {
  const hash = "ab".repeat(32);
  const signal = { kind: "card", hash, personId: newId() } as const;
  const lookUps: ((tx: Tx, shopId: string) => Promise<unknown>)[] = [
    (tx, shopId) => ownersOfEach(tx, shopId, [[hash]]),
    (tx, shopId) => standingOfKeys(tx, shopId, [[{ kind: "customer", hash }]]),
    (tx, shopId) => openReferralsOf(tx, shopId, [newId()]),
    (tx, shopId) => notedAmong(tx, shopId, [signal]),
  ];
  for (const lookUp of lookUps) expect(await wholeShopReads(lookUp)).toEqual([]);
});
