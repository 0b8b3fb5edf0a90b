import { expect, test } from "vitest";
import { blocksOf } from "#app/data/block-list.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { newId } from "#app/platform/ids.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { buildWorld } from "#test/harness/world.ts";
import { NOON } from "#test/builders/domain.ts";
import { addToBlockList, removeFromBlockList } from "./edit-block-list.ts";

const db = await createTestDatabase();
const deps = { pools: db.pools, clock: { now: () => new Date(NOON) } };
const by = { reason: "asked us to", actor: "42" };

const listed = (shopId: string) => inShop(db.pools, shopId, (tx) => blocksOf(tx, shopId));

test("a person, a code and a domain are listed once, by whatever they are typed as, and taken off again", async () => {
  const world = await buildWorld(db.pools);
  const { shopId } = world;
  const person = await addToBlockList(deps, { shopId, kind: "person", subject: world.friend, ...by });
  expect(person.outcome).toBe("added");
  expect(
    await addToBlockList(deps, { shopId, kind: "code", subject: ` ${world.code.toLowerCase()} `, ...by }),
  ).toMatchObject({
    outcome: "added",
  });
  expect(await addToBlockList(deps, { shopId, kind: "code", subject: world.codeId, ...by })).toEqual({
    outcome: "already_listed",
  });
  await addToBlockList(deps, { shopId, kind: "domain", subject: "https://www.Spam.example/deals?x=1", ...by });
  expect(await addToBlockList(deps, { shopId, kind: "domain", subject: "@spam.example", ...by })).toEqual({
    outcome: "already_listed",
  });
  expect((await listed(shopId)).map(({ kind, subject }) => [kind, subject])).toEqual([
    ["domain", "spam.example"],
    ["code", world.codeId],
    ["person", world.friend],
  ]);
  if (person.outcome !== "added") throw new Error("it was added");
  expect(await removeFromBlockList(deps, { shopId, id: person.id, actor: "42" })).toEqual({ outcome: "removed" });
  expect(await removeFromBlockList(deps, { shopId, id: person.id, actor: "42" })).toEqual({ outcome: "not_found" });
  expect(await listed(shopId)).toHaveLength(2);
  expect((await addToBlockList(deps, { shopId, kind: "person", subject: world.friend, ...by })).outcome).toBe("added");
  const actions = await inShop(db.pools, shopId, (tx) =>
    tx.query<{ action: string }>("SELECT action FROM audit WHERE action LIKE 'block.%' ORDER BY id"),
  );
  expect(actions.map(({ action }) => action)).toEqual([
    "block.added",
    "block.added",
    "block.added",
    "block.removed",
    "block.added",
  ]);
});

test.each([
  ["person", newId()],
  ["person", "somebody"],
  ["code", newId()],
  ["code", "ZZZZZ"],
  ["code", "!"],
  ["domain", "localhost"],
  ["domain", "not a domain.example"],
] as const)("a %s that is none is not listed: %s", async (kind, subject) => {
  const { shopId } = await buildWorld(db.pools);
  expect(await addToBlockList(deps, { shopId, kind, subject, ...by })).toEqual({ outcome: "not_found" });
});

test("nothing is listed without a reason, nor for another shop", async () => {
  const [mine, theirs] = [await buildWorld(db.pools), await buildWorld(db.pools)];
  const blank = { shopId: mine.shopId, kind: "person", subject: mine.friend, reason: " ", actor: "42" } as const;
  expect(await addToBlockList(deps, blank)).toEqual({ outcome: "reason_missing" });
  const foreign = { shopId: mine.shopId, kind: "person", subject: theirs.friend, ...by } as const;
  expect(await addToBlockList(deps, foreign)).toEqual({ outcome: "not_found" });
});
