import { blocksOf } from "#app/data/block-list.repo.ts";
import type { BlockRow } from "#app/data/block-list.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Clock } from "#app/platform/clock.ts";
import type { Keys } from "#app/platform/keys.ts";
import { backTestScreen } from "./back-test-screen.ts";
import type { BackTestResult } from "./back-test-screen.ts";
import { addToBlockList, removeFromBlockList } from "./edit-block-list.ts";
import type { AddBlockInput, AddBlockResult } from "./edit-block-list.ts";
import { replayDecisions } from "./replay-decisions.ts";
import type { ReplayReport } from "./replay-decisions.ts";
import { tryTwoPeople } from "./try-two-people.ts";
import type { TriedPerson, TryResult } from "./try-two-people.ts";

/** What a merchant may ask the screen, and the list that they keep for it. */
export type Judgement = {
  tryTwoPeople(input: { shop: KnownShop; referrer: TriedPerson; friend: TriedPerson }): Promise<TryResult>;
  /** `screen` is a change in the public form of the terms' `screen`; nothing is saved. */
  backTest(input: { shopId: string; screen: unknown; months: number }): Promise<BackTestResult>;
  /** Of one referral, or of all. */
  replay(input: { shopId: string; referralId?: string }): Promise<ReplayReport>;
  blockList(input: { shopId: string }): Promise<readonly BlockRow[]>;
  addToBlockList(input: AddBlockInput): Promise<AddBlockResult>;
  removeFromBlockList(input: {
    shopId: string;
    id: string;
    actor: string;
  }): Promise<{ readonly outcome: "removed" | "not_found" }>;
};

/** Binds these use cases to what they need. */
export function createJudgement(deps: { pools: Pools; clock: Clock; keys: Keys }): Judgement {
  return {
    tryTwoPeople: (input) => tryTwoPeople(deps, input),
    backTest: (input) => backTestScreen(deps, input),
    replay: (input) => replayDecisions(deps, input),
    blockList: ({ shopId }) => inShop(deps.pools, shopId, (tx) => blocksOf(tx, shopId)),
    addToBlockList: (input) => addToBlockList(deps, input),
    removeFromBlockList: (input) => removeFromBlockList(deps, input),
  };
}
