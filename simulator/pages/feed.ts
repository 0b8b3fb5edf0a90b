import type { Simulator } from "../context.ts";
import type { Shop } from "../world/types.ts";
import type { Delivery } from "../webhooks/dispatcher.ts";

/** One line of "what just happened". A delivery is what the app was told of it, shown more quietly. */
export type FeedLine = { readonly at: string; readonly text: string; readonly kind: "event" | "delivery" };

const LINES_MAX = 60;

/** What happened, newest first: people, orders, mails, discount codes, and the webhooks that went to the app. */
export function feedLines({ world, dispatcher }: Pick<Simulator, "world" | "dispatcher">): FeedLine[] {
  const events = world.feed.map(({ at, text }) => line(at, text, "event"));
  const told = dispatcher.deliveries
    .slice(-LINES_MAX)
    .map((delivery) => line(delivery.at, deliveryText(delivery), "delivery"));
  const codes = [...world.shops.values()].flatMap(codeLines);
  // what lies in the order of happening is turned round, so that equal times keep the newest first
  const newest = [...events, ...codes, ...told].reverse();
  return newest.sort((a, b) => b.at.localeCompare(a.at)).slice(0, LINES_MAX);
}

function line(at: Date, text: string, kind: FeedLine["kind"]): FeedLine {
  return { at: at.toISOString(), text, kind };
}

function codeLines(shop: Shop): FeedLine[] {
  const made = [...shop.discounts.values()].map((discount) =>
    line(discount.createdAt, `A discount was made: ${discount.title}`, "event"),
  );
  const added = [...shop.bulkCreations.values()].map(({ createdAt, discountId, items }) => {
    const title = shop.discounts.get(discountId)?.title ?? "a discount";
    return line(
      createdAt,
      `${items.length === 1 ? "A code was" : `${items.length} codes were`} added to ${title}`,
      "event",
    );
  });
  return [...made, ...added];
}

const OUTCOMES: Readonly<Record<Delivery["status"], string>> = {
  pending: "on its way",
  delivered: "delivered",
  failed: "given up",
  dropped: "lost on the way",
};

function deliveryText({ topic, status, attempts }: Delivery): string {
  const tries = attempts > 1 ? `, ${attempts} tries` : "";
  return `Webhook ${topic}: ${OUTCOMES[status]}${tries}`;
}
