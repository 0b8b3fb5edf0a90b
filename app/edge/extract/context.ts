import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import type { InboxFacts } from "#app/domain/event/inbox-facts.ts";
import type { Keys } from "#app/platform/keys.ts";
import type { JsonObject } from "./fields.ts";

/** What an extractor works with besides the payload. */
export type ExtractContext = {
  readonly topic: string;
  readonly shop: KnownShop;
  readonly keys: Keys;
  /** When it happened as far as the headers tell, else when it arrived. */
  readonly happenedAt: Date;
};

/** The facts, `"nothing"` for a delivery that changes nothing, or null for a payload without what every such one has. */
export type Extractor = (payload: JsonObject, context: ExtractContext) => InboxFacts | "nothing" | null;
