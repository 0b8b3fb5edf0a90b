import { witness } from "../journey/actors.ts";
import type { Shop } from "../journey/actors.ts";
import type { Observer } from "./observer.ts";

/** Topics of which every genuine delivery becomes a row. Of others some are answered and dropped, as they should be. */
const STORED_TOPICS: ReadonlySet<string> = new Set(["orders/create", "orders/paid", "customers/create"]);

/** What Shopify has a 200 for, and which of it the database does not know. */
export type Deliveries = { readonly acknowledged: number; readonly lost: readonly string[] };

/** Holds the pretend Shopify's own list of acknowledged deliveries against the inbox, one by one. */
export async function readDeliveries(world: { observer: Observer; shops: readonly Shop[] }): Promise<Deliveries> {
  const acknowledged: string[] = [];
  // Before the inbox is read: what is acknowledged by now has to be there then.
  for (const shop of world.shops) {
    const { deliveries } = await witness(shop);
    for (const { id, topic, status } of deliveries)
      if (status === "delivered" && STORED_TOPICS.has(String(topic))) acknowledged.push(nameOf(shop.domain, topic, id));
  }
  const rows = await world.observer.query(
    "SELECT s.domain, i.topic, i.webhook_id FROM inbox i JOIN shops s ON s.id = i.shop_id",
  );
  const stored = new Set(rows.map((row) => nameOf(row["domain"], row["topic"], row["webhook_id"])));
  return { acknowledged: acknowledged.length, lost: acknowledged.filter((name) => !stored.has(name)) };
}

function nameOf(shop: unknown, topic: unknown, webhookId: unknown): string {
  return `the delivery ${String(webhookId)} (${String(topic)}) of ${String(shop)}`;
}
