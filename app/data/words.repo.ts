import type { Language } from "#app/domain/note/language.ts";
import type { NoteKind } from "#app/domain/note/note-kind.ts";
import type { TokenUsage } from "#app/domain/note/model-price.ts";
import type { Tx } from "#app/data/tenant.ts";

export type WordSettings = {
  /** Of customers whose own language is not known. */
  readonly language: Language;
  readonly modelOn: boolean;
  /** How the shop sounds; null where nothing is said. */
  readonly voice: string | null;
  /** Hours of the shop's day between which no text message goes out; the same hour twice: none is quiet. */
  readonly quietFrom: number;
  readonly quietTo: number;
  readonly teamMail: readonly string[];
};

/** @returns what the merchant has set, or what holds until then, and the voice of the terms in force. */
export async function wordSettings(tx: Tx, shopId: string): Promise<WordSettings> {
  const [row] = await tx.query<WordSettings>(
    `SELECT coalesce(w.language, 'en') AS language, coalesce(w.model_on, true) AS "modelOn",
            t.voice,
            coalesce(w.quiet_from, 21) AS "quietFrom", coalesce(w.quiet_to, 8) AS "quietTo", coalesce(w.team_mail, '{}') AS "teamMail"
       FROM (SELECT $1::uuid AS id) s
       LEFT JOIN word_settings w ON w.shop_id = s.id
       LEFT JOIN LATERAL (SELECT settings ->> 'voice' AS voice FROM terms WHERE shop_id = s.id ORDER BY version DESC LIMIT 1) t ON true`,
    [shopId],
  );
  return row ?? { language: "en", modelOn: true, voice: null, quietFrom: 21, quietTo: 8, teamMail: [] };
}

/** Keeps what the merchant set. The voice is kept with the terms. */
export async function saveWordSettings(
  tx: Tx,
  shopId: string,
  settings: Omit<WordSettings, "voice">,
  now: Date,
): Promise<void> {
  await tx.execute(
    `INSERT INTO word_settings (shop_id, language, model_on, quiet_from, quiet_to, team_mail, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (shop_id) DO UPDATE SET language = excluded.language, model_on = excluded.model_on,
        quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to, team_mail = excluded.team_mail, updated_at = excluded.updated_at`,
    [shopId, settings.language, settings.modelOn, settings.quietFrom, settings.quietTo, settings.teamMail, now],
  );
}

export type WordTemplateRow = { readonly kind: NoteKind; readonly language: Language; readonly body: string };

/** @returns the merchant's own wordings. */
export async function wordTemplates(tx: Tx, shopId: string): Promise<WordTemplateRow[]> {
  return tx.query<WordTemplateRow>(
    "SELECT kind, language, body FROM word_templates WHERE shop_id = $1 ORDER BY kind, language",
    [shopId],
  );
}

/** @returns the merchant's own wording of one note in one language, or null. */
export async function wordTemplate(
  tx: Tx,
  of: { shopId: string; kind: NoteKind; language: Language },
): Promise<string | null> {
  const [row] = await tx.query<{ body: string }>(
    "SELECT body FROM word_templates WHERE shop_id = $1 AND kind = $2 AND language = $3",
    [of.shopId, of.kind, of.language],
  );
  return row?.body ?? null;
}

/** Keeps the merchant's wording; null goes back to the product's. */
export async function saveWordTemplate(
  tx: Tx,
  template: { shopId: string; kind: NoteKind; language: Language; body: string | null; now: Date },
): Promise<void> {
  const { shopId, kind, language, body, now } = template;
  if (body === null) {
    await tx.execute("DELETE FROM word_templates WHERE shop_id = $1 AND kind = $2 AND language = $3", [
      shopId,
      kind,
      language,
    ]);
    return;
  }
  await tx.execute(
    `INSERT INTO word_templates (shop_id, kind, language, body, updated_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (shop_id, kind, language) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at`,
    [shopId, kind, language, body, now],
  );
}

/**
 * Takes the dearest that one call can be from a month's budget: the row count is the right to make it.
 * @returns false when the budget does not hold it any more
 */
export async function reserveSpend(
  tx: Tx,
  call: { shopId: string; dearestMicros: bigint; budgetMicros: bigint; now: Date },
): Promise<boolean> {
  const count = await tx.execute(
    `INSERT INTO model_spend AS m (shop_id, month, calls, cost_micros)
     SELECT $1, date_trunc('month', $4::timestamptz AT TIME ZONE 'UTC')::date, 1, $2 WHERE $2 <= $3::bigint
     ON CONFLICT (shop_id, month) DO UPDATE SET calls = m.calls + 1, cost_micros = m.cost_micros + excluded.cost_micros
      WHERE m.cost_micros + excluded.cost_micros <= $3`,
    [call.shopId, call.dearestMicros, call.budgetMicros, call.now],
  );
  return count === 1;
}

/** Puts right what a call really cost. One whose cost nobody knows stays at its dearest. */
export async function settleSpend(
  tx: Tx,
  call: { shopId: string; dearestMicros: bigint; realMicros: bigint; usage: TokenUsage; reservedAt: Date },
): Promise<void> {
  await tx.execute(
    `UPDATE model_spend SET input_tokens = input_tokens + $4, output_tokens = output_tokens + $5,
            cost_micros = greatest(0, cost_micros - $2::bigint + $3::bigint)
      WHERE shop_id = $1 AND month = date_trunc('month', $6::timestamptz AT TIME ZONE 'UTC')::date`,
    [
      call.shopId,
      call.dearestMicros,
      call.realMicros,
      call.usage.inputTokens,
      call.usage.outputTokens,
      call.reservedAt,
    ],
  );
}
