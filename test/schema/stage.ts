import pg from "pg";

import { inShop, type Tx } from "#app/data/tenant.ts";
import { newId } from "#app/platform/ids.ts";
import type { TestDatabase } from "#test/harness/postgres.ts";
import {
  buildWorld,
  convertReferral,
  insertCase,
  insertPerson,
  openReferral,
  payOut,
  TIMES,
  voidReferral,
  type World,
} from "#test/harness/world.ts";

/** A world in which something of everything exists, for attacks to start from. Nothing on it is ever committed. */
export type Stage = World & {
  /** Another shop's world. */
  readonly other: World;
  /** Somebody who has neither code nor referral. */
  readonly stranger: string;
  /** Referrals by what became of them, and the friend of each. */
  readonly open: string;
  readonly converted: string;
  readonly convertedFriend: string;
  readonly convertedOrder: bigint;
  readonly paid: string;
  readonly paidFriend: string;
  readonly paidOrder: bigint;
  readonly rejected: string;
  readonly rejectedFriend: string;
  readonly expired: string;
  readonly expiredFriend: string;
  /** Pendings by referral and side. */
  readonly pending: (referral: string, side: 1 | 2) => string;
  /** Rewards of the paid referral: the referrer's has the code GIVE10. */
  readonly reward: string;
  readonly friendReward: string;
  /** A case about the referrer. */
  readonly caseId: string;
  /** An account of the shop, or of a person. */
  readonly account: (type: string, person?: string, unit?: string) => string;
};

/** Builds the stage as gw_app would have come to it. */
export async function buildStage(db: Pick<TestDatabase, "pools">): Promise<Stage> {
  const world = await buildWorld(db.pools);
  const other = await buildWorld(db.pools);
  return inShop(db.pools, world.shopId, async (tx) => {
    const stranger = await insertPerson(tx, world.shopId);
    const open = await openReferral(tx, world);
    const converted = await friendOf(tx, world, "converted");
    const paid = await friendOf(tx, world, "converted");
    await payOut(tx, world.shopId, paid.referral);
    const rejected = await friendOf(tx, world, "REJECTED");
    const expired = await friendOf(tx, world, "EXPIRED");
    const caseId = await insertCase(tx, {
      shopId: world.shopId,
      kind: "refund_after_reward",
      personId: world.referrer,
    });
    const rewards = await tx.query<{ id: string }>("SELECT id FROM rewards WHERE referral_id = $1 ORDER BY side", [
      paid.referral,
    ]);
    const [reward, friendReward] = [rewards[0]?.id ?? "", rewards[1]?.id ?? ""];
    await tx.execute("UPDATE rewards SET code = 'GIVE10', status = 'issued' WHERE id = $1", [reward]);
    return {
      ...world,
      other,
      stranger,
      open,
      converted: converted.referral,
      convertedFriend: converted.friend,
      convertedOrder: converted.order,
      paid: paid.referral,
      paidFriend: paid.friend,
      paidOrder: paid.order,
      rejected: rejected.referral,
      rejectedFriend: rejected.friend,
      expired: expired.referral,
      expiredFriend: expired.friend,
      reward,
      friendReward,
      caseId,
      pending: await pendingsOf(tx),
      account: await accountsOf(tx),
    };
  });
}

async function friendOf(tx: Tx, world: World, fate: "converted" | "REJECTED" | "EXPIRED") {
  const { shopId } = world;
  const friend = await insertPerson(tx, shopId);
  const referral = await openReferral(tx, world, { friend });
  const order = fate === "converted" ? await convertReferral(tx, shopId, referral) : 0n;
  if (fate !== "converted") await voidReferral(tx, { shopId, referralId: referral, state: fate, now: TIMES.lapsed });
  return { friend, referral, order };
}

async function pendingsOf(tx: Tx): Promise<Stage["pending"]> {
  const rows = await tx.query<{ key: string; id: string }>(
    "SELECT referral_id || ':' || side AS key, id FROM ledger_transfers WHERE kind = 1",
  );
  const byKey = new Map(rows.map((row) => [row.key, row.id]));
  return (referral, side) => byKey.get(`${referral}:${side}`) ?? "no such pending";
}

async function accountsOf(tx: Tx): Promise<Stage["account"]> {
  const rows = await tx.query<{ key: string; id: string }>(
    "SELECT concat_ws(':', type, unit, person_id) AS key, id FROM ledger_accounts",
  );
  const byKey = new Map(rows.map((row) => [row.key, row.id]));
  return (type, person, unit = "GBP") =>
    byKey.get([type, unit, ...(person === undefined ? [] : [person])].join(":")) ?? "no such account";
}

type Value = string | number | bigint | null | { readonly sql: string };

function literal(value: Value): string {
  if (typeof value === "object" && value !== null) return value.sql;
  return typeof value === "string" ? pg.escapeLiteral(value) : String(value);
}

/** One INSERT as text: the values of an attack are our own. */
export function insert(table: string, row: Readonly<Record<string, Value>>): string {
  return `INSERT INTO ${table} (${Object.keys(row).join(", ")}) VALUES (${Object.values(row).map(literal).join(", ")})`;
}

/** A transfer in GBP; name what it is, the rest is filled in. */
export function transfer(stage: Stage, row: Readonly<Record<string, Value>>): string {
  return insert("ledger_transfers", { shop_id: stage.shopId, id: newId(), unit: "GBP", amount: 1000, ...row });
}

/** The two accounts of a transfer with their types. */
export function move(from: [type: string, id: string], to: [type: string, id: string]) {
  return { debit_type: from[0], debit_account: from[1], credit_type: to[0], credit_account: to[1] };
}

/** What refused an attack: an index, a constraint, or a trigger that speaks as one. */
export type Refusal = { readonly by: string; readonly code: string; readonly message: string };

/**
 * Runs an attack to where it would commit, inside a transaction that the caller has begun and will roll back.
 *
 * @param client As the owner, whom no grant or policy stops.
 * @param statements What the attacker does, in order.
 * @returns What refused it; null when nothing did.
 */
export async function attempt(client: pg.ClientBase, statements: readonly string[]): Promise<Refusal | null> {
  try {
    for (const statement of statements) await client.query(statement);
    await client.query("SET CONSTRAINTS ALL IMMEDIATE"); // what a COMMIT would check
    return null;
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    return { by: error.constraint ?? error.message, code: error.code ?? "", message: error.message };
  }
}

/** Runs an attack in a transaction of its own and rolls it back. */
export async function attack(db: Pick<TestDatabase, "ownerPool">, statements: readonly string[]): Promise<Refusal> {
  const client = await db.ownerPool.connect();
  try {
    await client.query("BEGIN");
    return (await attempt(client, statements)) ?? { by: "nothing: it was accepted", code: "", message: "" };
  } finally {
    await client.query("ROLLBACK");
    client.release();
  }
}

/** One line of a table of attacks; `on` names the table where several have a guard of that name. */
export type Attack = readonly [
  what: string,
  refusedBy: string,
  statements: (stage: Stage) => readonly string[],
  on?: string,
];
