import type { DraftResult } from "#app/data/drafts.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import { inShop } from "#app/data/tenant.ts";
import { reserveSpend, settleSpend } from "#app/data/words.repo.ts";
import { mayGoOut } from "#app/domain/note/may-go-out.ts";
import type { NoteRefusal } from "#app/domain/note/may-go-out.ts";
import { costMicros } from "#app/domain/note/model-price.ts";
import type { NoteKind } from "#app/domain/note/note-kind.ts";
import type { Background } from "#app/platform/background.ts";
import type { Clock } from "#app/platform/clock.ts";
import type { WordsAsk, WordsWriter } from "#app/usecases/words-port.ts";

/** The model, where one is set up. */
export type Words = {
  readonly writer: WordsWriter;
  /** What one shop's words may cost in a month, in millionths of a US dollar. */
  readonly budgetMicros: bigint;
  readonly background: Background;
};
export type AskModelDeps = { readonly pools: Pools; readonly clock: Clock; readonly words: Words };

/** The most that two tries can be charged for: the prompt is bounded, and so is the answer. */
const DEAREST_USAGE = { inputTokens: 5_000, outputTokens: 1_400 };
const NO_USAGE = { inputTokens: 0, outputTokens: 0 };

/**
 * Asks the model for words, inside the shop's budget of the month, and keeps of its answer what passes the gate. Never called
 * inside a transaction: it waits for up to three seconds.
 */
export async function askModel(deps: AskModelDeps, shopId: string, ask: WordsAsk): Promise<DraftResult> {
  const { pools, clock, words } = deps;
  const { model } = words.writer;
  const dearestMicros = costMicros(model, DEAREST_USAGE);
  const reservedAt = clock.now();
  const reservation = { shopId, dearestMicros, budgetMicros: words.budgetMicros, now: reservedAt };
  if (!(await inShop(pools, shopId, (tx) => reserveSpend(tx, reservation))))
    return { outcome: "templates", reason: "budget" };
  const answer = await words.writer.write(ask);
  const isWritten = answer.outcome === "written";
  const usage = isWritten ? answer.usage : NO_USAGE;
  const realMicros = isWritten || !answer.mayHaveCost ? costMicros(model, usage) : dearestMicros;
  await inShop(pools, shopId, (tx) => settleSpend(tx, { shopId, dearestMicros, realMicros, usage, reservedAt }));
  return isWritten ? passed(ask, answer.words, model) : { outcome: "templates", reason: answer.reason };
}

/** Which of a model's words may be kept; one that does not pass leaves its place to the template. */
function passed(ask: WordsAsk, drafts: DraftWords, model: string): DraftResult {
  const good = new Map<NoteKind, string>();
  const reasons: NoteRefusal[] = [];
  for (const { kind, language } of ask.parts) {
    const draft = drafts[kind] ?? "";
    const gate = mayGoOut(draft, { kind, language, shopName: ask.shopName });
    if (gate.outcome === "may_go_out") good.set(kind, draft);
    else reasons.push(gate.reason);
  }
  if (good.size > 0) return { outcome: "written", model, words: Object.fromEntries(good) };
  return { outcome: "templates", reason: `gate:${reasons[0] ?? "nothing_asked"}` };
}

type DraftWords = Extract<DraftResult, { outcome: "written" }>["words"];
