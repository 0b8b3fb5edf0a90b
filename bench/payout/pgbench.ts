import { execFile } from "node:child_process";
import { existsSync, globSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { payoutSql } from "./payout-sql.ts";
import type { PayoutRun } from "./payout.ts";

const RUN_TIMEOUT_MS = 120_000;
/** As the application's connections are: its role, and plans that are made once. */
const SESSION = "-c role=gw_app -c plan_cache_mode=force_generic_plan";

/** @returns the program's path, as Debian installs it or from PATH; null when there is none */
export function findPgbench(): string | null {
  const folders = [...(process.env["PATH"] ?? "").split(":"), ...globSync("/usr/lib/postgresql/*/bin")];
  return folders.map((folder) => join(folder, "pgbench")).find((file) => existsSync(file)) ?? null;
}

/** Pays a run's referrals in pgbench, with no program of ours in the way. @returns payouts a second */
export async function limitByPgbench(args: {
  pgbench: string;
  databaseUrl: string;
  home: string;
  run: PayoutRun;
}): Promise<number> {
  const { run } = args;
  const scriptPath = join(args.home, "payout.pgbench");
  const each = run.count / run.clients;
  const lines = [
    "\\set turn :turn + 1",
    `\\set n ${run.first} + :client_id * ${each} + :turn - 1`,
    "BEGIN;",
    `SELECT set_config('app.shop_id', '${run.shop.shopId}', true);`,
    `${payoutSql(run.shop.shopId, ":n").replaceAll(/\s+/g, " ")};`,
    "COMMIT;",
  ];
  writeFileSync(scriptPath, `${lines.join("\n")}\n`);
  const flags = [
    "-n",
    "-M",
    "prepared",
    "-c",
    String(run.clients),
    "-j",
    "2",
    "-t",
    String(each),
    "-D",
    "turn=0",
    "-f",
    scriptPath,
  ];
  const env = { ...process.env, PGOPTIONS: SESSION };
  const { stdout } = await promisify(execFile)(args.pgbench, [...flags, args.databaseUrl], {
    env,
    timeout: RUN_TIMEOUT_MS,
  });
  const rate = /^tps = ([\d.]+)/m.exec(stdout)?.[1];
  if (rate === undefined) throw new Error(`pgbench said no rate:\n${stdout}`);
  return Number(rate);
}
