import { createQueue } from "../queue.ts";
import type { World } from "../world/world.ts";
import { createLines, type Lines } from "./lines.ts";
import { requestOf, type Parcel } from "./send.ts";

export type Delivery = {
  readonly shop: string;
  readonly topic: string;
  /** X-Shopify-Webhook-Id. */
  readonly id: string;
  readonly eventId: string;
  readonly at: Date;
  attempts: number;
  status: "pending" | "delivered" | "failed" | "dropped";
  lastStatus: number | null;
  /** When the next attempt is planned, on the simulated clock. */
  dueAt: Date;
};

/** Carries parcels to the app, and again when they did not arrive. */
export type Courier = {
  /** Sends a parcel `delayMs` of simulated time from now. */
  send(delivery: Delivery, parcel: Parcel, delayMs: number): void;
  /** How many deliveries are on their way or due within the next few seconds. */
  dueCount(): number;
  /** How many deliveries were answered 2xx after so many whole milliseconds of real time; the index is the milliseconds. */
  ackTimes(): readonly number[];
  stop(): void;
};

/** Eight retries over about four hours, each wait twice the last. */
export const RETRY_DELAYS_MS = [1, 2, 4, 8, 16, 32, 60, 120].map((minutes) => minutes * 60_000);

/** A delivery that is merely slow is waited for; a retry in a minute is not. */
const DUE_SOON_MS = 10_000;
const IN_FLIGHT_MAX = 64;

/** Makes a courier on the world's clock. Retries send the original parcel to the original address. */
export function createCourier(world: World): Courier {
  const open = new Set<Delivery>();
  const lines = new Map<string, Lines>();
  const waiting = createQueue<() => void>();
  const acks: number[] = [];
  let inFlight = 0;
  let stopped = false;

  function linesTo(origin: string): Lines {
    const own = lines.get(origin) ?? createLines(origin);
    lines.set(origin, own);
    return own;
  }

  async function attempt(delivery: Delivery, parcel: Parcel): Promise<void> {
    if (inFlight >= IN_FLIGHT_MAX) await new Promise<void>((resume) => waiting.put(resume));
    if (stopped) return;
    inFlight += 1;
    delivery.attempts += 1;
    const sentAtMs = performance.now();
    delivery.lastStatus = await linesTo(parcel.to.origin).post(requestOf(parcel));
    const tookMs = Math.floor(performance.now() - sentAtMs);
    inFlight -= 1;
    waiting.take()?.();
    const delivered = delivery.lastStatus !== null && delivery.lastStatus >= 200 && delivery.lastStatus < 300;
    if (delivered) acks[tookMs] = (acks[tookMs] ?? 0) + 1;
    const retryDelayMs = RETRY_DELAYS_MS[delivery.attempts - 1];
    if (delivered || retryDelayMs === undefined || stopped) {
      delivery.status = delivered ? "delivered" : "failed";
      open.delete(delivery);
      return;
    }
    plan(delivery, parcel, retryDelayMs);
  }

  function plan(delivery: Delivery, parcel: Parcel, delayMs: number): void {
    delivery.dueAt = new Date(world.clock.now().getTime() + delayMs);
    world.clock.at(delivery.dueAt, () => void attempt(delivery, parcel));
  }

  return {
    send(delivery, parcel, delayMs) {
      open.add(delivery);
      if (delayMs === 0) void attempt(delivery, parcel);
      else plan(delivery, parcel, delayMs);
    },
    dueCount() {
      const horizon = world.clock.now().getTime() + DUE_SOON_MS;
      let due = 0;
      for (const delivery of open) if (delivery.dueAt.getTime() <= horizon) due += 1;
      return due;
    },
    ackTimes: () => Array.from(acks, (count) => count ?? 0),
    stop() {
      stopped = true;
      for (const own of lines.values()) own.close();
      for (let resume = waiting.take(); resume !== undefined; resume = waiting.take()) resume();
    },
  };
}
