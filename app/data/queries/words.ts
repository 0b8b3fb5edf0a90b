import type { Language } from "#app/domain/note/language.ts";
import type { NoteKind } from "#app/domain/note/note-kind.ts";
import { AppError } from "#app/platform/errors.ts";
import type { WordsView } from "#app/words-view.ts";
import { forShop } from "../prisma.ts";
import type { QueryDeps, ReadTx } from "./raw.ts";

type SettingsRow = {
  readonly shopName: string | null;
  readonly voice: string | null;
  readonly language: Language;
  readonly modelOn: boolean;
  readonly quietFrom: number;
  readonly quietTo: number;
  readonly teamMail: string[];
  readonly timezone: string | null;
};
type SpendRow = {
  readonly calls: number;
  readonly inputTokens: bigint;
  readonly outputTokens: bigint;
  readonly costMicros: bigint;
};
type TemplateRow = { readonly kind: NoteKind; readonly language: Language; readonly body: string };
type MessageRow = {
  readonly id: string;
  readonly at: Date;
  readonly side: number;
  readonly channel: string;
  readonly state: "failed" | "unknown";
  readonly reason: string | null;
  readonly referralId: string | null;
};

const MESSAGES_MAX = 200;
const MICROS_PER_CENT = 10_000n;

/**
 * What is set about words, what the model cost this month, and the messages that did not reach anybody for certain.
 *
 * @throws AppError `shop_unknown` when the shop has no row.
 */
export async function wordsView(deps: QueryDeps, input: { shopId: string; now: Date }): Promise<WordsView> {
  const { shopId, now } = input;
  return forShop(deps.prisma, shopId, async (tx) => {
    const [settings] = await settingsRows(tx, shopId);
    if (settings === undefined) throw new AppError("shop_unknown");
    const [spend] = await spendRows(tx, shopId, now);
    const templates = await tx.$queryRaw<TemplateRow[]>`
      SELECT kind, language, body FROM word_templates WHERE shop_id = ${shopId}::uuid ORDER BY kind, language`;
    const messages = await messageRows(tx, shopId);
    return {
      ...settings,
      shopName: settings.shopName ?? "",
      spend: {
        calls: spend?.calls ?? 0,
        inputTokens: Number(spend?.inputTokens ?? 0n),
        outputTokens: Number(spend?.outputTokens ?? 0n),
        usd: usdOf(spend?.costMicros ?? 0n),
      },
      templates,
      messages: messages.map((row) => ({
        id: row.id,
        at: row.at.toISOString(),
        side: row.side === 1 ? ("referrer" as const) : ("friend" as const),
        channel: row.channel,
        state: row.state,
        reason: row.reason,
        referralId: row.referralId,
      })),
    };
  });
}

function settingsRows(tx: ReadTx, shopId: string): Promise<SettingsRow[]> {
  return tx.$queryRaw<SettingsRow[]>`
    SELECT coalesce(s.name, s.domain) AS "shopName", s.timezone, t.voice, coalesce(w.language, 'en') AS language,
           coalesce(w.model_on, true) AS "modelOn", coalesce(w.quiet_from, 21)::int AS "quietFrom",
           coalesce(w.quiet_to, 8)::int AS "quietTo", coalesce(w.team_mail, '{}') AS "teamMail"
      FROM shops s
      LEFT JOIN word_settings w ON w.shop_id = s.id
      LEFT JOIN LATERAL (SELECT settings ->> 'voice' AS voice FROM terms WHERE shop_id = s.id ORDER BY version DESC LIMIT 1) t ON true
     WHERE s.id = ${shopId}::uuid`;
}

function spendRows(tx: ReadTx, shopId: string, now: Date): Promise<SpendRow[]> {
  return tx.$queryRaw<SpendRow[]>`
    SELECT calls, input_tokens AS "inputTokens", output_tokens AS "outputTokens", cost_micros AS "costMicros" FROM model_spend
     WHERE shop_id = ${shopId}::uuid AND month = date_trunc('month', ${now}::timestamptz AT TIME ZONE 'UTC')::date`;
}

/** What a person may have to look after: refused for good, or gone with an end that nobody knows. */
function messageRows(tx: ReadTx, shopId: string): Promise<MessageRow[]> {
  return tx.$queryRaw<MessageRow[]>`
    SELECT n.id, n.ended_at AS at, n.side::int AS side, n.channel, n.state, n.reason, w.referral_id AS "referralId"
      FROM notes n JOIN rewards w ON w.shop_id = n.shop_id AND w.id = n.reward_id
     WHERE n.shop_id = ${shopId}::uuid AND n.state IN ('failed', 'unknown') AND NOT starts_with(coalesce(n.reason, ''), 'later:')
     ORDER BY n.ended_at DESC, n.id DESC LIMIT ${MESSAGES_MAX}`;
}

/** Dollars and cents, rounded up: a budget is not passed by rounding. */
function usdOf(micros: bigint): string {
  const cents = (micros + MICROS_PER_CENT - 1n) / MICROS_PER_CENT;
  return `${String(cents / 100n)}.${String(cents % 100n).padStart(2, "0")}`;
}
