import { setTimeout as sleep } from "node:timers/promises";
import type { Part, TestBed } from "../lib/test-bed.ts";
import type { Random } from "../lib/random.ts";
import type { Calls } from "../load/calls.ts";
import { simulatedNow } from "../oracle/gather.ts";
import type { Observer } from "../oracle/observer.ts";
import type { Bells } from "../queue/bells.ts";

/** One kill, and what was in flight in the part that it hit. */
export type Strike = {
  readonly part: Part;
  /** Calls to the doors that the kill cut off. */
  readonly requests: number;
  /** Rows that were begun and not ended. */
  readonly rows: number;
  /** Bells that waited or were being answered. */
  readonly bells: number;
  /** Statements that PostgreSQL was running. */
  readonly statements: number;
  /** From the kill until the part answered again. */
  readonly awayMs: number;
};

export type StrikeDeps = {
  readonly bed: TestBed;
  readonly observer: Observer;
  readonly bells: Bells;
  readonly calls: Calls;
  readonly random: Random;
  readonly leaseMs: number;
};

const PAUSE_MS = { min: 150, max: 2_000 };
const QUIET_LOOKS_MAX = 400;
const QUIET_LOOK_MS = 5;

/** @returns all that was in flight at the kill */
export function inFlightOf(strike: Strike): number {
  return strike.requests + strike.rows + strike.bells + strike.statements;
}

/**
 * Waits a random while, kills the part, and brings it back. The instant is random but not idle: between two waves of
 * the load it waits for the next work, since a kill that cuts nothing shows nothing.
 */
export async function strike(deps: StrikeDeps, part: Part): Promise<Strike> {
  await sleep(deps.random.int(PAUSE_MS.min, PAUSE_MS.max));
  await untilBusy(deps, part);
  const from = await simulatedNow(deps.bed.target);
  const before = await look(deps, part, from);
  const cut = deps.calls.watchCut();
  const killedAt = performance.now();
  await deps.bed.kill(part);
  const after = part === "postgres" ? null : await look(deps, part, from);
  await deps.bed.restart(part);
  const awayMs = Math.round(performance.now() - killedAt);
  const requests = part === "web" || part === "postgres" ? await cut() : 0;
  // A dead worker's rows are counted after its death: nobody else works on them, so those are exactly the ones it left.
  const rows = part === "worker" ? (after?.rows ?? 0) : part === "redis" ? before.rows : 0;
  return {
    part,
    requests,
    rows,
    bells: part === "redis" ? before.bells : 0,
    statements: part === "postgres" ? before.statements : 0,
    awayMs,
  };
}

async function untilBusy(deps: StrikeDeps, part: Part): Promise<void> {
  for (let looks = 0; looks < QUIET_LOOKS_MAX; looks += 1) {
    const seen = await look(deps, part);
    const isBusy =
      { worker: seen.rows, web: deps.calls.onTheirWay(), redis: seen.bells, postgres: seen.statements }[part] > 0;
    if (isBusy) return;
    await sleep(QUIET_LOOK_MS);
  }
}

/** @param since the simulated clock may have jumped since then: leases taken before the jump count too */
async function look(
  deps: StrikeDeps,
  part: Part,
  since?: Date,
): Promise<{ rows: number; bells: number; statements: number }> {
  const to = await simulatedNow(deps.bed.target);
  const { inbox, outbox, statements } = await deps.observer.underWay({ from: since ?? to, to, leaseMs: deps.leaseMs });
  const bells = part === "redis" ? await deps.bells.count() : 0;
  return { rows: inbox + outbox, bells, statements };
}
