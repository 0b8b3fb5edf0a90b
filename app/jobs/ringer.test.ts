import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { createLogger } from "#app/platform/logger.ts";
import { createRinger } from "./ringer.ts";

const logger = createLogger({ LOG_LEVEL: "silent" });
const SHOP = "0a1b2c3d-0000-8000-8000-000000000001";

test("the ringer merges bells of a shop while one is on its way, and sends one more for those that came meanwhile", async () => {
  const added: string[] = [];
  const queues = {
    add: async (queue: string, payload: Record<string, string>) => {
      added.push(`${queue} ${payload["shopId"]}`);
      await sleep(5);
    },
  };
  const ringer = createRinger({ queues, logger, restFirstMs: 10 });

  for (let bell = 0; bell < 100; bell += 1) ringer.ring("inbox", SHOP);
  ringer.ring("outbox", SHOP);
  await vi.waitFor(() => expect(added).toHaveLength(3), { timeout: 10_000 });
  await vi.waitFor(() => expect(ringer.counts().rung).toBe(3), { timeout: 10_000 });

  expect(added.sort()).toEqual([`inbox-drain ${SHOP}`, `inbox-drain ${SHOP}`, `outbox-drain ${SHOP}`]);
  expect(ringer.counts()).toEqual({ rung: 3, merged: 99, lost: 0 });
  expect(ringer.inFlight()).toBe(0);
});

test("the ringer counts a bell that was lost, and rings the next one", async () => {
  let away = true;
  const queues = { add: () => (away ? Promise.reject(new Error("away")) : Promise.resolve()) };
  const ringer = createRinger({ queues, logger });

  ringer.ring("inbox", SHOP);
  await sleep(5);
  away = false;
  ringer.ring("inbox", SHOP);
  await sleep(5);

  expect(ringer.counts()).toEqual({ rung: 1, merged: 0, lost: 1 });
});

test("the ringer lets a bell that was rung rest, and then rings once for all that came meanwhile", async () => {
  const addedAt: number[] = [];
  const queues = { add: () => Promise.resolve(void addedAt.push(performance.now())) };
  const ringer = createRinger({ queues, logger, restFirstMs: 60 });

  ringer.ring("inbox", SHOP);
  await sleep(1);
  expect(ringer.inFlight()).toBe(0);
  for (let bell = 0; bell < 5; bell += 1) ringer.ring("inbox", SHOP);
  expect(ringer.inFlight()).toBe(1);
  await vi.waitFor(() => expect(addedAt).toHaveLength(2), { timeout: 10_000 });
  expect((addedAt[1] ?? 0) - (addedAt[0] ?? 0)).toBeGreaterThan(50);

  await sleep(150);
  ringer.ring("inbox", SHOP);
  await vi.waitFor(() => expect(addedAt).toHaveLength(3), { timeout: 10_000 });
});

test("the ringer rests longer the longer a shop's bells keep coming, and is quick again after a silence", async () => {
  const addedAt: number[] = [];
  const queues = { add: () => Promise.resolve(void addedAt.push(performance.now())) };
  const ringer = createRinger({ queues, logger, restFirstMs: 10 });

  const ringing = setInterval(() => ringer.ring("inbox", SHOP), 1);
  await sleep(1_000);
  clearInterval(ringing);
  const rests = addedAt.slice(1).map((at, index) => at - (addedAt[index] ?? 0));
  expect(rests.length).toBeLessThanOrEqual(8);
  expect(rests.at(-1)).toBeGreaterThan(100);

  await vi.waitFor(() => expect(ringer.inFlight()).toBe(0), { timeout: 10_000 });
  await sleep(500);
  const before = addedAt.length;
  ringer.ring("inbox", SHOP);
  await vi.waitFor(() => expect(addedAt).toHaveLength(before + 1), { timeout: 10_000 });
});
