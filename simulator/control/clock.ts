import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { parseDurationMs, type SimClock } from "../clock.ts";
import type { Simulator } from "../context.ts";
import { note, WorldError, type World } from "../world/world.ts";
import { Instant, read } from "./input.ts";

const Move = z.object({ advance: z.string().optional(), now: Instant.optional() });
/** `skipMs`: a wait of the app up to so long is not sat out; time is moved to its end instead. */
const Patience = z.object({
  timeoutMs: z.coerce.number().int().min(0).max(120_000).default(15_000),
  skipMs: z.coerce.number().int().min(0).max(60_000).default(0),
});
/** Who knows of so many moves wants to hear of the next one, and waits for it so long at most. */
const Watch = z.object({ moves: z.coerce.number().int().min(0), waitMs: z.coerce.number().int().min(0).max(10_000) });
const AppAnswer = z.object({
  settled: z.boolean(),
  waitingFor: z.record(z.string(), z.unknown()).default({}),
  nextAt: Instant.nullish(),
});

/** Much is over at once, and what is not is no sooner over for being looked at. */
const POLL_PAUSES_MS = [5, 10, 20] as const;
const POLL_PAUSE_MS = 40;
const APP_TIMEOUT_MS = 5_000;

type Settled = { readonly settled: boolean; readonly waitingFor: Readonly<Record<string, unknown>> };
/** `nextAt`: all that is left waits for its time, and the first comes then. */
type Look = Settled & { readonly nextAt: Date | null };

/** `/_control/clock` moves time; `/_control/settled` waits until nothing is due in simulator and app. */
export function registerClockControl(server: FastifyInstance, simulator: Simulator): void {
  const { world } = simulator;

  server.get("/_control/clock", async (request) => {
    const watch = Watch.safeParse(request.query);
    if (!watch.success) return { now: world.clock.now().toISOString() };
    await nextMove(world.clock, watch.data);
    return { now: world.clock.now().toISOString(), moves: world.clock.moves() };
  });

  server.post("/_control/clock", (request) => {
    const { advance, now } = read(Move, request.body);
    const target = now ?? advanced(world.clock.now(), advance);
    world.clock.set(target);
    note(world, null, `It is now ${target.toUTCString()}`);
    return { now: world.clock.now().toISOString() };
  });

  server.get("/_control/settled", async (request) => {
    const { timeoutMs, skipMs } = read(Patience, request.query);
    const deadline = Date.now() + timeoutMs;
    for (let looks = 0; ; looks += 1) {
      const { nextAt, ...state } = await look(simulator);
      if (state.settled || Date.now() >= deadline) return state;
      if (nextAt !== null && nextAt.getTime() - world.clock.now().getTime() <= skipMs) skipTo(world, nextAt);
      await sleep(POLL_PAUSES_MS[looks] ?? POLL_PAUSE_MS);
    }
  });
}

async function nextMove(clock: SimClock, { moves, waitMs }: z.infer<typeof Watch>): Promise<void> {
  if (clock.moves() !== moves) return;
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      callOff();
      resolve();
    };
    const timer = setTimeout(end, waitMs).unref();
    const callOff = clock.onMove(end);
  });
}

/** Time only goes forward: what was ahead when the app was asked may be past by now. */
function skipTo({ clock }: World, instant: Date): void {
  if (instant > clock.now()) clock.set(instant);
}

async function look(simulator: Simulator): Promise<Look> {
  const before = pending(simulator);
  if (before.total > 0) return { settled: false, waitingFor: before.counts, nextAt: null };
  const app = await askApp(simulator);
  // The app's work may have caused deliveries while it was asked.
  const after = pending(simulator);
  return {
    settled: app.settled && after.total === 0,
    waitingFor: { ...after.counts, ...app.waitingFor },
    nextAt: after.total === 0 ? app.nextAt : null,
  };
}

function pending({ world, dispatcher }: Simulator) {
  let bulkCreations = 0;
  for (const shop of world.shops.values())
    for (const { done } of shop.bulkCreations.values()) if (!done) bulkCreations += 1;
  const counts = {
    deliveries: dispatcher.dueCount(),
    background: world.background.size,
    bulkCreations,
  };
  return { counts, total: counts.deliveries + counts.background + counts.bulkCreations };
}

async function askApp({ world }: Simulator): Promise<Look> {
  const url = new URL("/_simulated/settled", world.app.appUrl);
  url.searchParams.set("now", world.clock.now().toISOString());
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(APP_TIMEOUT_MS) });
    const answer = AppAnswer.safeParse(await response.json());
    if (answer.success) return { ...answer.data, nextAt: answer.data.nextAt ?? null };
    return { settled: false, waitingFor: { app: `answered ${response.status}` }, nextAt: null };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { settled: false, waitingFor: { app: reason }, nextAt: null };
  }
}

function advanced(now: Date, duration: string | undefined): Date {
  const ms = duration === undefined ? null : parseDurationMs(duration);
  if (ms === null) throw new WorldError('Say {"advance": "P14D"} or {"now": "2026-12-01T00:00:00Z"}.', 400);
  return new Date(now.getTime() + ms);
}
