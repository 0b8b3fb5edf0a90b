import { afterAll, expect, test } from "vitest";
import { buildTerms, NOON } from "#test/builders/domain.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { inShop, rehearseInShop } from "./tenant.ts";
import { insertTerms, termsOfVersion } from "./terms.repo.ts";

const db = await createTestDatabase();
afterAll(db.drop);

test("a version of the terms is read once in a process", async () => {
  const { pools, shopId } = await buildUseCases(db);
  const read = () =>
    inShop(pools, shopId, async (tx) => {
      const asked: unknown[] = [];
      const query: typeof tx.query = (statement, values) => (asked.push(statement), tx.query(statement, values));
      return { terms: await termsOfVersion({ ...tx, query }, shopId, 1), asked: asked.length };
    });
  const first = await read();
  expect(first.terms).toMatchObject({ currency: "GBP" });
  expect(await read()).toEqual({ terms: first.terms, asked: 0 });
});

test("a version that was taken back is not remembered", async () => {
  const { pools, shopId } = await buildUseCases(db);
  const [drafted, kept] = [buildTerms({ windowDays: 7 }), buildTerms({ windowDays: 21 })];
  const version = 9;
  await rehearseInShop(pools, shopId, async (tx) => {
    await insertTerms(tx, { shopId, version, terms: drafted, now: new Date(NOON) });
    expect(await termsOfVersion(tx, shopId, version)).toMatchObject({ windowDays: 7 });
  });
  await inShop(pools, shopId, async (tx) => {
    await insertTerms(tx, { shopId, version, terms: kept, now: new Date(NOON) });
  });
  expect(await inShop(pools, shopId, (tx) => termsOfVersion(tx, shopId, version))).toMatchObject({ windowDays: 21 });
});
