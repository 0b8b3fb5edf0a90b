import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import type { OrderFacts } from "#app/domain/event/order-facts.ts";
import type { FriendFacts } from "./friend-facts.ts";
import type { InboxEvent } from "./inbox-event.ts";

/** An order of a known person, with what was known of them before it. */
export type PersonsOrder = {
  readonly event: InboxEvent<OrderFacts>;
  readonly shop: KnownShop;
  readonly personId: string;
  readonly before: FriendFacts;
  readonly now: Date;
};
