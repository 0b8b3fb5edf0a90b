import type { ShopSetting, Stage } from "./stage.ts";

/** What a path waits for: everything it set off is done; or that, and thirty days have passed for everybody. */
export type Pause = "settled" | "a_month_later";

/** One way to come to a shop and buy, and how it must end. */
export type ReachPath = {
  readonly name: string;
  /** In one line, for the table. */
  readonly about: string;
  /** Whose link is credited, `dan` or `eve`; or the reason why nobody's is. */
  readonly ends: string;
  /** The carrier that must have brought the click that won. */
  readonly by?: string;
  /** Reasons that the clicks which lost must have on record. */
  readonly losers?: readonly string[];
  readonly setting?: ShopSetting;
  readonly play: (stage: Stage) => AsyncGenerator<Pause, void>;
};
