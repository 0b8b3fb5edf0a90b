import pg from "pg";
import { payoutSql } from "./payout-sql.ts";
import type { PayoutRun } from "./payout.ts";

/** Where pgbench is not installed: the driver alone in a loop, the statement prepared once a connection. @returns payouts a second */
export async function limitByLoop(databaseUrl: string, run: PayoutRun): Promise<number> {
  const options = "-c role=gw_app -c plan_cache_mode=force_generic_plan";
  const clients = Array.from({ length: run.clients }, () => new pg.Client({ connectionString: databaseUrl, options }));
  await Promise.all(clients.map((client) => client.connect()));
  const share = run.count / run.clients;
  const startedAt = performance.now();
  const statement = { name: "limit", text: payoutSql(run.shop.shopId, "$1") };
  await Promise.all(
    clients.map(async (client, index) => {
      for (let turn = 0; turn < share; turn += 1) {
        await client.query("BEGIN");
        await client.query(`SELECT set_config('app.shop_id', '${run.shop.shopId}', true)`);
        await client.query({ ...statement, values: [run.first + index * share + turn] });
        await client.query("COMMIT");
      }
    }),
  );
  const rate = run.count / ((performance.now() - startedAt) / 1_000);
  await Promise.all(clients.map((client) => client.end()));
  return rate;
}
