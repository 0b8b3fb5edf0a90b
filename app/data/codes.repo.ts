import type { Tx } from "#app/data/tenant.ts";

export type CodeRow = {
  readonly id: string;
  readonly code: string;
  readonly personId: string;
  readonly termsVersion: number;
  readonly state: "active" | "retired";
  readonly retiredReason: string | null;
  readonly retiredAt: Date | null;
  readonly createdAt: Date;
};

// When a code was retired stands in the audit record, written in the same transaction as the change itself.
const CODE_COLUMNS = `c.id, c.code, c.person_id AS "personId", c.terms_version AS "termsVersion", c.state,
  c.retired_reason AS "retiredReason",
  (SELECT max(a.at) FROM audit a WHERE c.state = 'retired' AND a.shop_id = c.shop_id AND a.subject = c.id
      AND a.action = 'code.retired') AS "retiredAt",
  c.created_at AS "createdAt"`;

/** @returns the one active code of a person, under any of their merged names, or null. */
export async function activeCodeOf(tx: Tx, shopId: string, personId: string): Promise<CodeRow | null> {
  const [row] = await tx.query<CodeRow>(
    `SELECT ${CODE_COLUMNS} FROM codes c JOIN people p ON p.shop_id = c.shop_id AND p.id = c.person_id
      WHERE c.shop_id = $1 AND c.state = 'active' AND $2::uuid IN (p.id, p.merged_into)`,
    [shopId, personId],
  );
  return row ?? null;
}

/**
 * @returns the code with this text, or the one that an alias of this text leads to, or null. The text of a code that was
 * retired for another one is an alias of that other: then the alias counts.
 */
export async function codeByText(tx: Tx, shopId: string, text: string): Promise<CodeRow | null> {
  const [row] = await tx.query<CodeRow>(
    `SELECT ${CODE_COLUMNS}, CASE c.state WHEN 'active' THEN 1 ELSE 3 END AS place
       FROM codes c WHERE c.shop_id = $1 AND c.code = $2
     UNION ALL
     SELECT ${CODE_COLUMNS}, 2 FROM code_aliases a JOIN codes c ON c.shop_id = a.shop_id AND c.id = a.code_id
      WHERE a.shop_id = $1 AND a.alias = $2
     ORDER BY place LIMIT 1`,
    [shopId, text],
  );
  return row ?? null;
}

/** @returns the code with this id, or null. */
export async function codeById(tx: Tx, shopId: string, codeId: string): Promise<CodeRow | null> {
  const [row] = await tx.query<CodeRow>(`SELECT ${CODE_COLUMNS} FROM codes c WHERE c.shop_id = $1 AND c.id = $2`, [
    shopId,
    codeId,
  ]);
  return row ?? null;
}

/**
 * Keeps a code from being retired until the transaction ends, and waits for a retirement that is under way.
 * @returns it as it is now, or null
 */
export async function keepCode(tx: Tx, shopId: string, codeId: string): Promise<CodeRow | null> {
  await tx.execute("SELECT FROM codes WHERE shop_id = $1 AND id = $2 FOR SHARE", [shopId, codeId]);
  return codeById(tx, shopId, codeId);
}

/**
 * Claims a code for a person if nobody has that text and the person has no active code: two unique indexes decide. A text
 * that is the name of somebody's link is taken too.
 * @returns false when one of them refused
 */
export async function claimCode(
  tx: Tx,
  row: { shopId: string; id: string; code: string; personId: string; termsVersion: number; now: Date },
): Promise<boolean> {
  const count = await tx.execute(
    `INSERT INTO codes (shop_id, id, code, person_id, terms_version, created_at)
     SELECT $1::uuid, $2::uuid, $3::text, $4::uuid, $5::int, $6::timestamptz
      WHERE NOT EXISTS (SELECT FROM code_aliases WHERE shop_id = $1::uuid AND alias = $3::text)
     ON CONFLICT DO NOTHING`,
    [row.shopId, row.id, row.code, row.personId, row.termsVersion, row.now],
  );
  return count === 1;
}

/** Retires an active code; the caller records it in the audit. @returns its id, or null when the person has none */
export async function retireActiveCode(
  tx: Tx,
  args: { shopId: string; personId: string; reason: string },
): Promise<string | null> {
  const [row] = await tx.query<{ id: string }>(
    `UPDATE codes c SET state = 'retired', retired_reason = $3
       FROM people p
      WHERE c.shop_id = $1 AND c.state = 'active' AND p.shop_id = c.shop_id AND p.id = c.person_id
        AND $2::uuid IN (p.id, p.merged_into)
      RETURNING c.id`,
    [args.shopId, args.personId, args.reason],
  );
  return row?.id ?? null;
}

/** Lets a name lead to a code. @returns false when the name leads somewhere already */
export async function claimAlias(
  tx: Tx,
  args: { shopId: string; alias: string; codeId: string; now: Date },
): Promise<boolean> {
  const count = await tx.execute(
    "INSERT INTO code_aliases (shop_id, alias, code_id, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
    [args.shopId, args.alias, args.codeId, args.now],
  );
  return count === 1;
}
