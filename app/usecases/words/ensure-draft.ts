import { askDraft, endDraft, readDraft } from "#app/data/drafts.repo.ts";
import type { DraftOf } from "#app/data/drafts.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { wordSettings } from "#app/data/words.repo.ts";
import type { WordSettings } from "#app/data/words.repo.ts";
import type { Clock } from "#app/platform/clock.ts";
import { newId } from "#app/platform/ids.ts";
import type { WordsAsk } from "#app/usecases/words-port.ts";
import { askModel } from "./ask-model.ts";
import type { Words } from "./ask-model.ts";

export type EnsureDraftDeps = {
  readonly pools: Pools;
  readonly clock: Clock;
  /** Null: no model is set up, and templates speak. */
  readonly words: Words | null;
};

/** `settled`: written, or templates speak. `wait`: the model is being asked, look again then. */
export type DraftStep = { readonly outcome: "settled" } | { readonly outcome: "wait"; readonly until: Date };

/** Most drafts are there within the second; who waits for one that takes longer looks less often. */
const LOOK_AGAIN_MS = { first: 250, max: 1_000 } as const;
/** The model has three seconds; after this nobody is waiting for it any more. */
const LOST_MS = 10_000;
const SETTLED = { outcome: "settled" } as const;

/**
 * Sees to it that the model was asked, once, for the words of a link or of a paid referral. The call is made beside the work on
 * rows: no reward and no other row waits for it. One that was lost with its process is not made again.
 *
 * @param compose what to ask; null when there is nothing to write
 */
export async function ensureDraft(
  deps: EnsureDraftDeps,
  of: DraftOf,
  compose: (tx: Tx, settings: WordSettings) => Promise<WordsAsk | null>,
): Promise<DraftStep> {
  const { words, pools, clock } = deps;
  if (words === null) return SETTLED;
  const now = clock.now();
  const step = await inShop(pools, of.shopId, async (tx) => {
    const draft = await readDraft(tx, of, now);
    if (draft !== null && draft.state !== "asked") return SETTLED;
    if (draft !== null) {
      if (now.getTime() - draft.askedAt.getTime() < LOST_MS) return waitFor(now, draft.askedAt);
      await endDraft(tx, { ...of, result: { outcome: "templates", reason: "lost" }, now });
      return SETTLED;
    }
    const settings = await wordSettings(tx, of.shopId);
    const ask = settings.modelOn ? await compose(tx, settings) : null;
    if (ask === null) return SETTLED;
    return (await askDraft(tx, { ...of, id: newId(), now })) ? ({ outcome: "begin", ask } as const) : waitFor(now, now);
  });
  if (step.outcome !== "begin") return step;
  const isBegun = words.background.begin(async () => {
    const result = await askModel({ pools, clock, words }, of.shopId, step.ask);
    await inShop(pools, of.shopId, (tx) => endDraft(tx, { ...of, result, now: clock.now() }));
  });
  if (isBegun) return waitFor(now, now);
  const result = { outcome: "templates", reason: "crowded" } as const;
  await inShop(pools, of.shopId, (tx) => endDraft(tx, { ...of, result, now }));
  return SETTLED;
}

/** As long again as it has been waited for. */
function waitFor(now: Date, askedAt: Date): DraftStep {
  const waitedMs = now.getTime() - askedAt.getTime();
  const waitMs = Math.min(Math.max(waitedMs, LOOK_AGAIN_MS.first), LOOK_AGAIN_MS.max);
  return { outcome: "wait", until: new Date(now.getTime() + waitMs) };
}
