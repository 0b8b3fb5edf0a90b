import type pg from "pg";
import { buildStage } from "../../test/schema/stage.ts";
import type { Stage } from "../../test/schema/stage.ts";
import type { Mutant } from "./mutant.ts";
import type { Scratch } from "./scratch.ts";

/** A right that a role must not have: what it would let the role do, and how the role comes to have it. */
type Right = {
  readonly guard: string;
  readonly attack: string;
  readonly role: "gw_app" | "gw_door" | "gw_sweep";
  readonly does: string;
  readonly granted: string;
};

const RIGHTS: readonly Right[] = [
  {
    guard: "no right to rewards.remaining",
    attack: "the app sets what is left of a reward",
    role: "gw_app",
    does: "UPDATE rewards SET remaining = amount",
    granted: "GRANT UPDATE (remaining) ON rewards TO gw_app",
  },
  {
    guard: "no right to cases.claw_open",
    attack: "the app sets the receivable of a case",
    role: "gw_app",
    does: "UPDATE cases SET claw_open = 1",
    granted: "GRANT UPDATE (claw_open) ON cases TO gw_app",
  },
  {
    guard: "no right to the state machine",
    attack: "the app adds a transition",
    role: "gw_app",
    does: "INSERT INTO referral_transitions VALUES ('REWARDED', 'PENDING')",
    granted: "GRANT INSERT ON referral_transitions TO gw_app",
  },
  {
    guard: "no right to a partition",
    attack: "the app reads clicks past their parent",
    role: "gw_app",
    does: "SELECT FROM clicks_default",
    granted: "GRANT SELECT ON clicks_default TO gw_app",
  },
  {
    guard: "the door reads nothing",
    attack: "the door reads the inbox",
    role: "gw_door",
    does: "SELECT facts FROM inbox",
    granted: "GRANT SELECT ON inbox TO gw_door",
  },
  {
    guard: "the sweep reads keys alone",
    attack: "the sweep reads what is to be done",
    role: "gw_sweep",
    does: "SELECT payload FROM outbox",
    granted: "GRANT SELECT ON outbox TO gw_sweep",
  },
];

const NO_PRIVILEGE = "42501";

/** Takes the policy from every table that holds something, and from every role a limit of its rights, one by one. */
export async function tryTheRights(scratch: Scratch): Promise<Mutant[]> {
  const stage = await buildStage(scratch);
  const client = await scratch.owner.connect();
  try {
    const mutants: Mutant[] = [];
    for (const table of await tablesWithRowsOf(client, stage)) mutants.push(await tryPolicy(client, stage, table));
    for (const right of RIGHTS) mutants.push(await tryRight(client, stage, right));
    return mutants;
  } finally {
    client.release(true);
  }
}

async function tablesWithRowsOf(client: pg.ClientBase, stage: Stage): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    "SELECT tablename AS name FROM pg_policies WHERE schemaname = 'public' AND policyname = 'tenant' ORDER BY 1",
  );
  const filled: string[] = [];
  for (const { name } of rows)
    if ((await client.query(`SELECT FROM ${name} WHERE ${ofShop(name, stage)} LIMIT 1`)).rowCount === 1)
      filled.push(name);
  return filled;
}

function ofShop(table: string, stage: Stage): string {
  return `${table === "shops" ? "id" : "shop_id"} = '${stage.shopId}'`;
}

async function tryPolicy(client: pg.ClientBase, stage: Stage, table: string): Promise<Mutant> {
  const read = `SELECT FROM ${table} WHERE ${ofShop(table, stage)}`;
  const asNeighbour = async (without: string | null): Promise<number> =>
    inRole(client, { role: "gw_app", shopId: stage.other.shopId, before: without }, async () => {
      const { rowCount } = await client.query(read);
      return rowCount ?? 0;
    });
  const guarded = await asNeighbour(null);
  const unguarded = await asNeighbour(`ALTER POLICY tenant ON ${table} USING (true)`);
  return {
    guard: `${table}.tenant`,
    kind: "rights",
    attack: `another shop reads ${table}, and finds nothing`,
    passesGuarded: guarded === 0,
    detected: unguarded > 0,
    behind: [],
    caughtBy: unguarded > 0 ? [`${unguarded} rows of the neighbour's`] : [],
  };
}

async function tryRight(client: pg.ClientBase, stage: Stage, right: Right): Promise<Mutant> {
  const { role, does, granted, guard, attack } = right;
  const isRefused = (before: string | null): Promise<boolean> =>
    inRole(client, { role, shopId: stage.shopId, before }, async () => {
      try {
        await client.query(does);
        return false;
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === NO_PRIVILEGE) return true;
        throw error;
      }
    });
  const passesGuarded = await isRefused(null);
  const detected = !(await isRefused(granted));
  const caughtBy = detected ? ["refused no more"] : [];
  return { guard, kind: "rights", attack, passesGuarded, detected, behind: [], caughtBy };
}

async function inRole<Result>(
  client: pg.ClientBase,
  as: { role: Right["role"]; shopId: string; before: string | null },
  work: () => Promise<Result>,
): Promise<Result> {
  await client.query("BEGIN");
  try {
    if (as.before !== null) await client.query(as.before);
    await client.query(`SET LOCAL ROLE ${as.role}`);
    await client.query("SELECT set_config('app.shop_id', $1, true)", [as.shopId]);
    return await work();
  } finally {
    await client.query("ROLLBACK");
  }
}
