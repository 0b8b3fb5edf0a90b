import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { payoutSql } from "./payout-sql.ts";
import type { PayoutRun } from "./payout.ts";

const SESSION = "-c role=gw_app -c plan_cache_mode=force_generic_plan";

/** Where pgbench is not installed: the driver alone in a loop, the statement prepared once a connection. @returns payouts a second */
export function limitByLoop(databaseUrl: string, run: PayoutRun): Promise<number> {
  return withClients(databaseUrl, run, async (pay) => {
    const share = run.count / run.clients;
    const startedAt = performance.now();
    await Promise.all(
      Array.from({ length: run.clients }, async (_, client) => {
        for (let turn = 0; turn < share; turn += 1) await pay(client, run.first + client * share + turn);
      }),
    );
    return run.count / ((performance.now() - startedAt) / 1_000);
  });
}

/** The same at a pace, each client taking what is due next. @returns ms of each payout since it was due */
export function pacedByLoop(databaseUrl: string, run: PayoutRun, dueMs: readonly number[]): Promise<number[]> {
  return withClients(databaseUrl, run, async (pay) => {
    const times: number[] = [];
    const startedAt = performance.now();
    const turns = dueMs.entries();
    await Promise.all(
      Array.from({ length: run.clients }, async (_, client) => {
        for (const [index, sinceStartMs] of turns) {
          const dueAt = startedAt + sinceStartMs;
          const waitMs = dueAt - performance.now();
          if (waitMs > 0) await sleep(waitMs);
          await pay(client, run.first + index);
          times.push(performance.now() - dueAt);
        }
      }),
    );
    return times;
  });
}

async function withClients<Result>(
  databaseUrl: string,
  run: PayoutRun,
  work: (pay: (client: number, referral: number) => Promise<void>) => Promise<Result>,
): Promise<Result> {
  const settings = { connectionString: databaseUrl, options: SESSION };
  const clients = Array.from({ length: run.clients }, () => new pg.Client(settings));
  await Promise.all(clients.map((client) => client.connect()));
  const statement = { name: "limit", text: payoutSql(run.shop.shopId, "$1") };
  try {
    return await work(async (index, referral) => {
      const client = clients[index];
      await client?.query("BEGIN");
      await client?.query(`SELECT set_config('app.shop_id', '${run.shop.shopId}', true)`);
      await client?.query({ ...statement, values: [referral] });
      await client?.query("COMMIT");
    });
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}
