import { execFile } from "node:child_process";
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

type PgbenchRun = {
  readonly pgbench: string;
  readonly databaseUrl: string;
  readonly home: string;
  readonly run: PayoutRun;
};

/** Pays a run's referrals in pgbench, with no program of ours in the way. @returns payouts a second */
export async function limitByPgbench(options: PgbenchRun): Promise<number> {
  const stdout = await pay(options, []);
  const rate = /^tps = ([\d.]+)/m.exec(stdout)?.[1];
  if (rate === undefined) throw new Error(`pgbench said no rate:\n${stdout}`);
  return Number(rate);
}

/** The same at a pace, by chance spread around it. @returns ms of each payout since it was due, waiting for a client included */
export async function pacedByPgbench(options: PgbenchRun & { readonly perSecond: number }): Promise<number[]> {
  const prefix = join(options.home, "paced");
  await pay(options, ["--rate", String(options.perSecond), "--log", `--log-prefix=${prefix}`]);
  const logs = globSync(`${prefix}.*`);
  // client, transaction, time since it was due in µs, script, epoch s, µs, how late it began
  const times = logs.flatMap((log) =>
    readFileSync(log, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => Number(line.split(" ")[2]) / 1_000),
  );
  for (const log of logs) rmSync(log);
  return times;
}

async function pay({ pgbench, databaseUrl, home, run }: PgbenchRun, flags: readonly string[]): Promise<string> {
  const scriptPath = join(home, "payout.pgbench");
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
  const usual = ["-n", "-M", "prepared", "-c", String(run.clients), "-j", "2", "-t", String(each), "-D", "turn=0"];
  const env = { ...process.env, PGOPTIONS: SESSION };
  const { stdout } = await promisify(execFile)(pgbench, [...usual, ...flags, "-f", scriptPath, databaseUrl], {
    env,
    timeout: RUN_TIMEOUT_MS,
  });
  return stdout;
}
