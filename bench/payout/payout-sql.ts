import { STATEMENTS } from "#app/data/statements.ts";
import { DUE, idSql, KIND } from "../lib/referrals.ts";

/** The payout's own statement with its parameters written in: every id follows from the number of the referral. */
export function payoutSql(shopId: string, n: string): string {
  const pair = (kind: string): string => `ARRAY[${idSql(`${kind}a`, n)}, ${idSql(`${kind}b`, n)}]`;
  const values = [
    `'${shopId}'`,
    idSql(KIND.referral, n),
    `'${DUE.toISOString()}'`,
    pair("0be4c10"),
    pair("0be4c20"),
    pair("0be4c30"),
    idSql("0be4c400", n),
    idSql("0be4c500", n),
    "NULL",
    "'bench'",
  ];
  const text = STATEMENTS.payout.text.replaceAll(/--[^\n]*/g, "").replace(/;\s*$/, "");
  return text.replaceAll(/\$(\d+)/g, (_, number: string) => `(${values[Number(number) - 1] ?? "NULL"})`);
}
