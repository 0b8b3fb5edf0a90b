import assert from "node:assert/strict";
import { once } from "node:events";
import { EventEmitter } from "node:events";
import pg from "pg";
import { inShop } from "../../../app/data/tenant.ts";
import { createInboxDrain } from "../../../app/jobs/inbox-drain.ts";
import { newId } from "../../../app/platform/ids.ts";
import { createLogger } from "../../../app/platform/logger.ts";
import { createMetrics } from "../../../app/platform/metrics.ts";
import { buildWorld } from "../../../test/harness/world.ts";
import type { CodeAttacks } from "./attack.ts";

const LEASE_MS = 1_000;
const ATTEMPTS_MAX = 4;

/** Rows that do harm, and connections that remember. */
export const ROW_ATTACKS: CodeAttacks = {
  "a row that takes every process with it": async ({ pools, owner }) => {
    const { shopId } = await buildWorld(pools);
    let nowMs = Date.parse("2026-03-01T10:00:00Z");
    const id = newId();
    await owner.query(
      `INSERT INTO inbox (shop_id, id, topic, webhook_id, body_sha256, facts, next_at, received_at)
       VALUES ($1, $2, 'poison', 'w', '\\x00', '{"kind": "shop_redact"}', $3, $3)`,
      [shopId, id, new Date(nowMs)],
    );
    const begun = new EventEmitter();
    // A process that dies in the middle never says what became of the row.
    const dies = () => new Promise<never>(() => void begun.emit("row"));
    const drain = createInboxDrain({
      pools,
      clock: { now: () => new Date(nowMs) },
      logger: createLogger({ LOG_LEVEL: "silent" }),
      metrics: createMetrics(),
      ringAgain: () => undefined,
      random: () => 0,
      settings: { leaseMs: LEASE_MS, rowsMax: 10, attemptsMax: ATTEMPTS_MAX },
      handlers: { poison: dies },
      atOnce: () => Promise.resolve(null),
      together: () => Promise.resolve(new Map()),
    });
    for (let runs = 0; runs <= ATTEMPTS_MAX; runs += 1) {
      const row = once(begun, "row");
      await Promise.race([drain.run(shopId), row]);
      nowMs += LEASE_MS + 1;
    }
    const { rows } = await owner.query<{ state: string }>("SELECT state FROM inbox WHERE id = $1", [id]);
    assert.equal(rows[0]?.state, "dead", "a row that never comes back is given up");
  },
  "events whose batch always fails": async ({ pools, owner }) => {
    const { shopId } = await buildWorld(pools);
    const now = new Date("2026-03-01T10:00:00Z");
    for (const name of ["first", "second"])
      await owner.query(
        `INSERT INTO inbox (shop_id, id, topic, webhook_id, body_sha256, facts, next_at, received_at)
         VALUES ($1, $2, 'plain', $3, '\\x00', '{"kind": "shop_redact"}', $4, $4)`,
        [shopId, newId(), name, now],
      );
    let handled = 0;
    const drain = createInboxDrain({
      pools,
      clock: { now: () => now },
      logger: createLogger({ LOG_LEVEL: "silent" }),
      metrics: createMetrics(),
      ringAgain: () => undefined,
      random: () => 0,
      settings: { leaseMs: LEASE_MS, rowsMax: 10, attemptsMax: ATTEMPTS_MAX },
      handlers: {
        plain: () => {
          handled += 1;
          return Promise.resolve({ outcome: "done" });
        },
      },
      atOnce: () => Promise.resolve(null),
      together: () => Promise.reject(new Error("no such thing for many")),
    });
    await drain.run(shopId).catch(() => undefined);
    assert.equal(handled, 2, "each comes to a run of its own");
  },
  "a connection that still knows its last shop": async ({ pools }) => {
    const { shopId } = await buildWorld(pools);
    const app = new pg.Pool({ ...pools.app.options, max: 1 });
    await inShop({ ...pools, app }, shopId, (tx) => tx.query("SELECT FROM people"));
    const read = await app.query("SELECT FROM people").then(
      ({ rowCount }) => rowCount,
      () => "refused",
    );
    await app.end();
    assert.equal(read, "refused", "without a shop nothing is read");
  },
};
