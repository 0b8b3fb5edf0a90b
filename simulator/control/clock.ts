import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { parseDurationMs } from "../clock.ts";
import type { Simulator } from "../context.ts";
import { note, WorldError } from "../world/world.ts";
import { Instant, read } from "./input.ts";

const Move = z.object({ advance: z.string().optional(), now: Instant.optional() });
const Patience = z.object({ timeoutMs: z.coerce.number().int().min(0).max(120_000).default(15_000) });
const AppAnswer = z.object({ settled: z.boolean(), waitingFor: z.record(z.string(), z.unknown()).default({}) });

const POLL_PAUSE_MS = 40;
const APP_TIMEOUT_MS = 5_000;

type Settled = { readonly settled: boolean; readonly waitingFor: Readonly<Record<string, unknown>> };

/** `/_control/clock` moves time; `/_control/settled` waits until nothing is due in simulator and app. */
export function registerClockControl(server: FastifyInstance, simulator: Simulator): void {
  const { world } = simulator;

  server.get("/_control/clock", () => ({ now: world.clock.now().toISOString() }));

  server.post("/_control/clock", (request) => {
    const { advance, now } = read(Move, request.body);
    const target = now ?? advanced(world.clock.now(), advance);
    world.clock.set(target);
    note(world, null, `It is now ${target.toUTCString()}`);
    return { now: world.clock.now().toISOString() };
  });

  server.get("/_control/settled", async (request) => {
    const deadline = Date.now() + read(Patience, request.query).timeoutMs;
    for (;;) {
      const state = await look(simulator);
      if (state.settled || Date.now() >= deadline) return state;
      await sleep(POLL_PAUSE_MS);
    }
  });
}

async function look(simulator: Simulator): Promise<Settled> {
  const before = pending(simulator);
  if (before.total > 0) return { settled: false, waitingFor: before.counts };
  const app = await askApp(simulator);
  // The app's work may have caused deliveries while it was asked.
  const after = pending(simulator);
  return { settled: app.settled && after.total === 0, waitingFor: { ...after.counts, ...app.waitingFor } };
}

function pending({ world, dispatcher }: Simulator) {
  const bulkCreations = [...world.shops.values()].flatMap((shop) => [...shop.bulkCreations.values()]);
  const counts = {
    deliveries: dispatcher.dueCount(),
    background: world.background.size,
    bulkCreations: bulkCreations.filter((creation) => !creation.done).length,
  };
  return { counts, total: counts.deliveries + counts.background + counts.bulkCreations };
}

async function askApp({ world }: Simulator): Promise<Settled> {
  const url = new URL("/_simulated/settled", world.app.appUrl);
  url.searchParams.set("now", world.clock.now().toISOString());
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(APP_TIMEOUT_MS) });
    const answer = AppAnswer.safeParse(await response.json());
    return answer.success ? answer.data : { settled: false, waitingFor: { app: `answered ${response.status}` } };
  } catch (error) {
    return { settled: false, waitingFor: { app: error instanceof Error ? error.message : String(error) } };
  }
}

function advanced(now: Date, duration: string | undefined): Date {
  const ms = duration === undefined ? null : parseDurationMs(duration);
  if (ms === null) throw new WorldError('Say {"advance": "P14D"} or {"now": "2026-12-01T00:00:00Z"}.', 400);
  return new Date(now.getTime() + ms);
}
