import { afterAll, expect, test } from "vitest";
import { orderFacts } from "#test/builders/journeys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { replayDead } from "./replay-dead.ts";

const db = await createTestDatabase();
afterAll(db.drop);

test("what was given up is due again, both bells ring, and the record says who asked", async () => {
  const world = await buildUseCases(db);
  const { shopId } = world;
  await world.work();
  await world.deliver("orders/paid", orderFacts(world, { orderId: "5001" }));
  await world.query("UPDATE inbox SET state = 'dead', attempts = 12, next_at = NULL WHERE topic = 'orders/paid'");
  await world.query("UPDATE outbox SET state = 'dead', next_at = NULL WHERE topic = 'pixel.activate'");
  const rung: string[] = [];
  const ring = { ringInbox: () => void rung.push("inbox"), ringOutbox: () => void rung.push("outbox") };
  expect(await replayDead({ ...world, ...ring }, { shopId, actor: "7001" })).toBe(2);
  expect(rung.toSorted()).toEqual(["inbox", "outbox"]);
  expect(await world.query("SELECT FROM inbox WHERE state = 'dead'")).toEqual([]);
  expect(await world.query("SELECT FROM outbox WHERE state = 'dead'")).toEqual([]);
  expect(await world.query("SELECT actor, detail FROM audit WHERE action = 'work.replayed'")).toEqual([
    { actor: "7001", detail: { rows: 2 } },
  ]);
  await world.work();
  expect(await world.query("SELECT state FROM inbox WHERE state = 'new'")).toEqual([]);
  expect(await replayDead({ ...world, ...ring }, { shopId, actor: "7001" })).toBe(0);
});
