import fastify from "fastify";
import type { FastifyInstance } from "fastify";
import type { Deps } from "../../app/deps.server.ts";
import { buildDeps } from "../../app/deps.server.ts";
import { inShop } from "../../app/data/tenant.ts";
import { createDoorCommits } from "../../app/edge/commits.ts";
import { hmacSecrets } from "../../app/edge/secrets.ts";
import { registerWebhooks } from "../../app/edge/webhooks.ts";
import { loadEnv } from "../../app/platform/env.ts";

const OK = 200;
const TRIES_MAX = 5;

/** A webhook as Shopify sent it. */
export type Delivery = { readonly headers: Readonly<Record<string, string>>; readonly body: string };

/** What one process of the app is to do. */
export type Work = {
  readonly env: Readonly<Record<string, string>>;
  readonly shopId: string;
  readonly deliveries: readonly Delivery[];
  /** How far the clock moves before each look, in order. */
  readonly advances: readonly string[];
  /** How many notes there have to be. */
  readonly notes: number;
};

export type Done = {
  /** What the door answered in the end, delivery by delivery. */
  readonly statuses: readonly number[];
  /** All notes have ended. */
  readonly hasEnded: boolean;
};

/**
 * One process of the app, of its real parts, from receipt to sent note: it takes the deliveries through the door and works
 * on what is due until all notes have ended.
 *
 * @param watch told when the story goes on (true) and when only somebody looks or moves the clock (false)
 */
export async function workInOneProcess(work: Work, watch: (isStory: boolean) => void = () => undefined): Promise<Done> {
  const env = loadEnv(work.env);
  const deps = await buildDeps(env, String(work.env["DATABASE_URL"]));
  const server = fastify({ logger: false });
  const { deliveries } = createDoorCommits(deps);
  registerWebhooks(server, { ...deps, secrets: hmacSecrets(env), deliveries });
  try {
    watch(true);
    const statuses: number[] = [];
    for (const delivery of work.deliveries) statuses.push(await deliver(server, delivery));
    await deps.jobs.workWithoutQueue();
    for (const advance of work.advances) {
      watch(false);
      if (await haveNotesEnded(deps, work)) break;
      await advanceClock(String(env.SHOPIFY_SIMULATOR_URL), advance);
      await deps.refreshClock();
      watch(true);
      await deps.jobs.workWithoutQueue();
    }
    watch(false);
    return { statuses, hasEnded: await haveNotesEnded(deps, work) };
  } finally {
    await server.close();
    await deps.close();
  }
}

/** Sends a delivery until it is acknowledged, a few times: a machine that is slow at the moment is not at fault. */
async function deliver(server: FastifyInstance, { headers, body }: Delivery): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    const answer = await server.inject({ method: "POST", url: "/webhooks", headers: { ...headers }, payload: body });
    if (answer.statusCode === OK || tries === TRIES_MAX) return answer.statusCode;
  }
}

/** Moves the simulated clock by an ISO 8601 duration. */
export async function advanceClock(simulatorUrl: string, advance: string): Promise<void> {
  const headers = { "content-type": "application/json" };
  await fetch(`${simulatorUrl}/_control/clock`, { method: "POST", headers, body: JSON.stringify({ advance }) });
}

async function haveNotesEnded(deps: Deps, { shopId, notes }: Work): Promise<boolean> {
  const rows = await inShop(deps.pools, shopId, (tx) =>
    tx.query("SELECT FROM notes WHERE state IN ('sent', 'unknown', 'failed')"),
  );
  return rows.length >= notes;
}
