import { createServer } from "node:http";
import { expect, test } from "vitest";
import { createFollowedClock, systemClock } from "./clock.ts";
import { createLogger } from "./logger.ts";

const DAY_MS = 86_400_000;
const logger = createLogger({ LOG_LEVEL: "silent" });

async function serve(answer: (url: string) => unknown): Promise<{ url: string; close: () => void }> {
  const server = createServer((request, response) => {
    void Promise.resolve(answer(request.url ?? "")).then((body) => response.end(JSON.stringify(body)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`, close: () => server.close() };
}

test("a followed clock keeps the simulator's distance from real time", async () => {
  let shiftMs = 14 * DAY_MS;
  const simulator = await serve(() => ({ now: new Date(Date.now() + shiftMs).toISOString() }));
  const clock = createFollowedClock({ simulatorUrl: simulator.url, logger });
  await clock.refresh();
  expect(Math.abs(clock.now().getTime() - Date.now() - shiftMs)).toBeLessThan(1_000);
  shiftMs = 15 * DAY_MS;
  await clock.refresh();
  expect(Math.abs(clock.now().getTime() - Date.now() - shiftMs)).toBeLessThan(1_000);
  simulator.close();
});

test("a followed clock keeps the last distance when the simulator is away or talks nonsense", async () => {
  let answer: unknown = { now: new Date(Date.now() + DAY_MS).toISOString() };
  const simulator = await serve(() => answer);
  const clock = createFollowedClock({ simulatorUrl: simulator.url, logger });
  await clock.refresh();
  answer = { now: "tomorrow" };
  await clock.refresh();
  simulator.close();
  await clock.refresh();
  expect(Math.abs(clock.now().getTime() - Date.now() - DAY_MS)).toBeLessThan(1_000);
});

test("a followed clock that was started reads again by itself until it is stopped", async () => {
  let reads = 0;
  const simulator = await serve(() => ({ now: new Date(Date.now() + (reads += 1) * DAY_MS).toISOString() }));
  const clock = createFollowedClock({ simulatorUrl: simulator.url, logger });
  clock.start();
  clock.start();
  await expect.poll(() => reads, { timeout: 5_000 }).toBeGreaterThan(1);
  clock.stop();
  simulator.close();
  expect(Math.abs(systemClock.now().getTime() - Date.now())).toBeLessThan(100);
});

test("a followed clock hears of a move as soon as the simulator tells, and has the new time by then", async () => {
  let shiftMs = 0;
  let move: () => void = () => undefined;
  const moved = new Promise<void>((resolve) => (move = resolve));
  const simulator = await serve(async (url) => {
    if (url.includes("moves=0")) await moved;
    else if (url.includes("moves=1")) await new Promise(() => undefined);
    return { now: new Date(Date.now() + shiftMs).toISOString(), moves: shiftMs === 0 ? 0 : 1 };
  });
  const clock = createFollowedClock({ simulatorUrl: simulator.url, logger });
  const heard = new Promise<number>((resolve) => clock.onMove(() => resolve(clock.now().getTime() - Date.now())));
  clock.start();
  shiftMs = DAY_MS;
  move();
  expect(Math.abs((await heard) - DAY_MS)).toBeLessThan(1_000);
  clock.stop();
  simulator.close();
});
