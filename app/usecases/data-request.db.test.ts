import { afterAll, expect, test } from "vitest";
import { newId } from "#app/platform/ids.ts";
import { buildPerson, DAY_MS } from "#test/builders/domain.ts";
import { convertedFriend, DAN, MARA, personFacts } from "#test/builders/journeys.ts";
import { buildRewardingShop, rewardFriend } from "#test/builders/rewarded.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { fetchHeldData, listDataRequests } from "./data-request.ts";
import { upkeep } from "./upkeep.ts";

const db = await createTestDatabase();
afterAll(db.drop);

async function ask(world: UseCases, customerId: string, email?: string): Promise<void> {
  const person = { ...personFacts(world, customerId, email === undefined ? {} : { email }), profileSealed: null };
  await world.deliver("customers/data_request", { kind: "data_request", person, orderIds: [] });
  await world.work();
}

async function fetchOnly(world: UseCases) {
  const [request, ...others] = await listDataRequests(world, world);
  expect(others).toEqual([]);
  return fetchHeldData(world, { shopId: world.shopId, requestId: request?.id ?? "", actor: "7001" });
}

test("who asks for their data is answered with what is held of them, and nothing of anybody else", async () => {
  const world = await buildRewardingShop(db);
  await rewardFriend(world, { customerId: "8001", orderId: "9001" });
  await rewardFriend(world, { customerId: "8002", orderId: "9002" });
  await ask(world, "8001");
  const data = await fetchOnly(world);
  expect(data).toMatchObject({
    profile: { customerId: "8001", firstName: expect.any(String) },
    held: {
      links: [],
      referred: [{ state: "REWARDED", orderId: "9001" }],
      referrals: [],
      rewards: [{ status: "issued", amountInSmallestUnit: "1000", unit: "GBP", code: "CODE9001S2" }],
    },
  });
  const text = JSON.stringify(data);
  for (const other of ["8002", "9002", DAN, "CODE9002S2", "CODE9001S1"]) expect(text).not.toContain(other);
  expect(await world.query("SELECT actor FROM audit WHERE action = 'data_request.fetched'")).toEqual([
    { actor: "7001" },
  ]);
});

test("a referrer is told of their link and how many came by it, not of who", async () => {
  const world = await buildRewardingShop(db);
  await rewardFriend(world, { customerId: "8001", orderId: "9001" });
  await ask(world, DAN);
  const data = await fetchOnly(world);
  expect(data?.held).toMatchObject({ links: [{ state: "active" }], referrals: [{ state: "REWARDED" }], referred: [] });
  expect(JSON.stringify(data)).not.toContain("8001");
});

test("who is not known is on the list too, with the answer that nothing is held", async () => {
  const world = await buildRewardingShop(db);
  await ask(world, "8009");
  expect(await listDataRequests(world, world)).toMatchObject([{ isKnown: false }]);
  expect(await fetchOnly(world)).toMatchObject({ profile: null, held: null });
});

test("after thirty days a request cannot be fetched any more, and upkeep forgets it", async () => {
  const world = await buildRewardingShop(db);
  await ask(world, "8009");
  const [request] = await listDataRequests(world, world);
  world.clock.skip(30 * DAY_MS);
  const fetching = { shopId: world.shopId, requestId: request?.id ?? "", actor: "7001" };
  expect(await fetchHeldData(world, fetching)).toBeNull();
  await upkeep({ ...world, isRotating: false }, world.clock.now());
  expect(await world.query("SELECT FROM data_requests")).toEqual([]);
});

test("a request of another shop is none", async () => {
  const [world, other] = [await buildRewardingShop(db), await buildRewardingShop(db)];
  await ask(world, "8009");
  const [request] = await listDataRequests(world, world);
  for (const requestId of [request?.id ?? "", newId()])
    expect(await fetchHeldData(other, { shopId: other.shopId, requestId, actor: "7001" })).toBeNull();
});

test("who asks by an address alone is found by it, and by an account and its address is asked for once", async () => {
  const world = await buildRewardingShop(db);
  const email = "mara@shop.example";
  await convertedFriend(world, { email });
  const { emailHash } = personFacts(world, MARA, { email });
  const person = buildPerson({ customerId: null, customerHash: null, emailHash });
  await world.deliver("customers/data_request", { kind: "data_request", person, orderIds: [] });
  await world.work();
  expect(await fetchOnly(world)).toMatchObject({ held: { referred: [{ orderId: "5001" }] } });
  await ask(world, MARA, email);
  expect(await listDataRequests(world, world)).toMatchObject([{ isKnown: true }, { isKnown: true }]);
});
