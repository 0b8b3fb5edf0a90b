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

/** @returns the code that a text leads to, or null: see `codesByText`. */
export async function codeByText(tx: Tx, shopId: string, text: string): Promise<CodeRow | null> {
  return (await codesByText(tx, shopId, [text])).get(text) ?? null;
}

/**
 * @returns for each of some texts the code that has it, or the one that an alias of this text leads to. The text of a code
 * that was retired for another one is an alias of that other: then the alias counts. A text that leads nowhere is left out.
 */
export async function codesByText(
  tx: Tx,
  shopId: string,
  texts: readonly string[],
): Promise<ReadonlyMap<string, CodeRow>> {
  if (texts.length === 0) return new Map();
  const rows = await tx.query<CodeRow & { text: string }>(
    `SELECT c.code AS text, ${CODE_COLUMNS}, CASE c.state WHEN 'active' THEN 1 ELSE 3 END AS place
       FROM codes c WHERE c.shop_id = $1 AND c.code = ANY ($2::text[])
     UNION ALL
     SELECT a.alias, ${CODE_COLUMNS}, 2 FROM code_aliases a JOIN codes c ON c.shop_id = a.shop_id AND c.id = a.code_id
      WHERE a.shop_id = $1 AND a.alias = ANY ($2::text[])
     ORDER BY place DESC`,
    [shopId, texts],
  );
  // Of two for one text the later stands: that of the lower place.
  return new Map(rows.map(({ text, ...code }) => [text, code]));
}

/** @returns the code with this id, or null. */
export async function codeById(tx: Tx, shopId: string, codeId: string): Promise<CodeRow | null> {
  return (await codesById(tx, shopId, [codeId])).get(codeId) ?? null;
}

async function codesById(tx: Tx, shopId: string, ids: readonly string[]): Promise<ReadonlyMap<string, CodeRow>> {
  const rows = await tx.query<CodeRow>(
    `SELECT ${CODE_COLUMNS} FROM codes c WHERE c.shop_id = $1 AND c.id = ANY ($2::uuid[])`,
    [shopId, ids],
  );
  return new Map(rows.map((code) => [code.id, code]));
}

/** As `keepCodes`, of one. @returns it as it is now, or null */
export async function keepCode(tx: Tx, shopId: string, codeId: string): Promise<CodeRow | null> {
  return (await keepCodes(tx, shopId, [codeId])).get(codeId) ?? null;
}

/**
 * Keeps codes from being retired until the transaction ends, and waits for a retirement that is under way.
 * @returns them as they are now, by their ids
 */
export async function keepCodes(tx: Tx, shopId: string, ids: readonly string[]): Promise<ReadonlyMap<string, CodeRow>> {
  await tx.execute("SELECT FROM codes WHERE shop_id = $1 AND id = ANY ($2::uuid[]) ORDER BY id FOR SHARE", [
    shopId,
    ids,
  ]);
  return codesById(tx, shopId, ids);
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
