import { readFileSync } from "node:fs";
import { parse } from "smol-toml";
import { afterAll, expect, test } from "vitest";
import { bind, buy, COOLING_OFF_MS, HOUR_MS, mintCode, referralsOf, tap } from "#test/builders/journeys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCaseOptions, UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { FLOW_TRIGGER_HANDLE, triggerFlow } from "./trigger-flow.ts";

const db = await createTestDatabase();
afterAll(db.drop);

/** A friend buys, the cooling-off passes, both are rewarded. */
async function rewarded(options: UseCaseOptions = {}): Promise<UseCases> {
  const world = await buildUseCases(db, { flowTrigger: true, ...options });
  await bind(world, "1", [tap(world, await mintCode(world))]);
  world.clock.skip(HOUR_MS);
  await buy(world, { customerId: "1", orderId: "5001" });
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  expect(await referralsOf(world)).toMatchObject([{ state: "REWARDED" }]);
  return world;
}

function flowCalls(world: UseCases): string[] {
  return world.shopify.calls.filter((call) => call.startsWith("triggerFlow"));
}

test("a rewarded referral starts the merchant's workflows once, with the friend's order", async () => {
  const world = await rewarded();
  expect(flowCalls(world)).toHaveLength(1);
  expect(flowCalls(world)[0]).toMatch(
    /^triggerFlow referral-rewarded \{.*"order_id":5001,"Referral ID":"[0-9a-f-]{36}"\}$/,
  );
  const row = await world.outboxRow("flow.trigger");
  for (let again = 0; again < 3; again += 1) await triggerFlow(world, row);
  expect(flowCalls(world)).toHaveLength(1);
});

test("no workflow is started where the operator has not switched it on", async () => {
  const world = await rewarded({ flowTrigger: false });
  expect(flowCalls(world)).toEqual([]);
});

test("a workflow that Shopify was too busy to start is started later, one whose start is in doubt never again", async () => {
  const world = await rewarded();
  await world.query("UPDATE outbox SET external_id = NULL WHERE topic = 'flow.trigger' RETURNING id");
  const row = await world.outboxRow("flow.trigger");
  world.shopify.trouble = { outcome: "throttled", retryAfterMs: 1_000 };
  expect(await triggerFlow(world, row)).toMatchObject({ outcome: "again" });
  world.shopify.trouble = null;
  expect(await triggerFlow(world, row)).toEqual({ outcome: "done" });
  expect(flowCalls(world)).toHaveLength(3);
  const inDoubt = {
    ...world.shopify.admin.forShop("", ""),
    triggerFlow: async () => ({ outcome: "unknown" }) as const,
  };
  await world.query("UPDATE outbox SET external_id = NULL WHERE topic = 'flow.trigger' RETURNING id");
  const deps = { ...world, admin: { forShop: () => inDoubt } };
  expect(await triggerFlow(deps, row)).toEqual({ outcome: "done" });
  expect(await triggerFlow(world, row)).toEqual({ outcome: "done" });
  expect(flowCalls(world)).toHaveLength(3);
});

test("the trigger is the one that the extension declares, and its handle is one that Flow takes", () => {
  const path = new URL("../../extensions/referral-flow/shopify.extension.toml", import.meta.url);
  expect(parse(readFileSync(path, "utf8"))).toMatchObject({
    extensions: [{ type: "flow_trigger", handle: FLOW_TRIGGER_HANDLE }],
  });
  expect(FLOW_TRIGGER_HANDLE).toMatch(/^[a-z0-9-]{1,30}$/);
});

test("workflows start without the referrer where nothing is kept of them any more", async () => {
  const world = await rewarded();
  await world.query("UPDATE outbox SET external_id = NULL WHERE topic = 'flow.trigger' RETURNING id");
  await world.query("UPDATE people SET profile_enc = NULL, profile_key_wrapped = NULL");
  expect(await triggerFlow(world, await world.outboxRow("flow.trigger"))).toEqual({ outcome: "done" });
  expect(flowCalls(world).at(-1)).toMatch(
    /^triggerFlow referral-rewarded \{"order_id":5001,"Referral ID":"[0-9a-f-]{36}"\}$/,
  );
});
