import { expect, onTestFinished, test } from "vitest";
import { API_KEY, API_SECRET, startFakeApp } from "../fidelity/harness.ts";
import { startSimulator } from "../server.ts";

const HOUR_MS = 3_600_000;

/** A simulator whose app answers `settled` with what is given, and has nothing left to do from `nextAt` on. */
async function startBeside(waitMs: number | null) {
  let dueAt: Date | null = null;
  const app = await startFakeApp((_request, response) => {
    const now = running.world.clock.now();
    dueAt ??= waitMs === null ? null : new Date(now.getTime() + waitMs);
    const settled = dueAt === null || dueAt <= now;
    response.end(JSON.stringify({ settled, waitingFor: {}, nextAt: settled ? null : dueAt }));
  });
  const running = await startSimulator({ port: 0, appUrl: app.url, apiKey: API_KEY, apiSecret: API_SECRET });
  onTestFinished(async () => {
    await running.close();
    await app.close();
  });
  const get = async (path: string): Promise<unknown> => (await fetch(`${running.url}/_control${path}`)).json();
  return { ...running, get };
}

test("settled moves time to the end of a wait that is short enough to be skipped", async () => {
  const { get, world } = await startBeside(5_000);
  const before = world.clock.now().getTime();
  expect(await get("/settled?timeoutMs=4000&skipMs=5000")).toMatchObject({ settled: true });
  expect(world.clock.now().getTime() - before).toBeGreaterThanOrEqual(5_000);
});

test.each(["", "&skipMs=5000"])(
  "settled sits a longer wait out, and any without being told to skip (%j)",
  async (skip) => {
    const { get, world } = await startBeside(HOUR_MS);
    const before = world.clock.now().getTime();
    expect(await get(`/settled?timeoutMs=100${skip}`)).toMatchObject({ settled: false });
    expect(world.clock.now().getTime() - before).toBeLessThan(HOUR_MS);
  },
);

test("whoever watches the clock hears of a move at once, and of no move after the wait", async () => {
  const { get, world } = await startBeside(null);
  expect(await get("/clock?moves=0&waitMs=10")).toMatchObject({ moves: 0 });
  const watched = get("/clock?moves=0&waitMs=10000");
  world.clock.set(new Date("2030-01-01T00:00:00Z"));
  expect(await watched).toMatchObject({ now: expect.stringMatching(/^2030-01-01T00:00:0/), moves: 1 });
  expect(await get("/clock?moves=0&waitMs=10000")).toMatchObject({ moves: 1 });
  expect(await get("/clock")).toEqual({ now: expect.stringMatching(/^2030/) });
});
