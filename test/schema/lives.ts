import type { Tx } from "#app/data/tenant.ts";
import { convertReferral, openReferral, payOut, type World } from "#test/harness/world.ts";

const CHECKS = [
  "check_referral_ledger",
  "check_earned",
  "check_liability",
  "check_remaining",
  "check_claw_back",
  "check_one_person",
  "check_settling_audit",
  "check_terms_amount",
  "check_caps",
  "check_clicks_default",
] as const;

/** Names of the invariant checks that find something in this shop. */
export async function findings(tx: Tx): Promise<string[]> {
  const found: string[] = [];
  for (const check of CHECKS) if ((await tx.query(`SELECT FROM ${check}`)).length > 0) found.push(check);
  return found;
}

export type Reward = {
  id: string;
  side: number;
  kind: string;
  status: string;
  amount: bigint;
  remaining: bigint;
  account_id: string;
};
/** The rewards of a referral, by kind and side. */
export const rewardsOf = (tx: Tx, referralId: string) =>
  tx.query<Reward>("SELECT * FROM rewards WHERE referral_id = $1 ORDER BY kind, side", [referralId]);

/** Opens, converts and pays a referral of the world. Returns its id. */
export async function paidReferral(tx: Tx, world: World): Promise<string> {
  const id = await openReferral(tx, world);
  await convertReferral(tx, world.shopId, id);
  if ((await payOut(tx, world.shopId, id)) !== "REWARDED") throw new Error("paidReferral: not paid");
  return id;
}
