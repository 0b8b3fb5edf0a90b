import { randomUUID } from "node:crypto";
import type { AppConfig, Subscription } from "../app-config.ts";
import type { Happening } from "../world/events.ts";
import type { Shop } from "../world/types.ts";
import type { World } from "../world/world.ts";
import { createCourier, type Delivery } from "./courier.ts";
import { createHabits, type Copy, type DeliveryHabits } from "./habits.ts";
import { buildPayload } from "./payloads/build.ts";
import { addressOf, seal } from "./send.ts";
import { includeFields, passesFilter } from "./subscriptions.ts";

export type Dispatcher = {
  readonly habits: DeliveryHabits;
  /** Oldest first. */
  readonly deliveries: readonly Delivery[];
  /** How many deliveries are on their way or due within the next few seconds. */
  dueCount(): number;
  /** Acknowledged deliveries by the whole milliseconds that they took. */
  ackTimes(): readonly number[];
  /** Forgets what is planned. */
  stop(): void;
};

export type { Delivery } from "./courier.ts";

/** The newest are kept, so many at least. They are cut by as many at once: each cut moves all that stay. */
const DELIVERIES_KEPT_MIN = 20_000;

/** Sends webhooks for everything that happens in the world, by the app's subscriptions. */
export function startDispatcher(world: World, config: AppConfig): Dispatcher {
  const habits = createHabits();
  const courier = createCourier(world);
  const deliveries: Delivery[] = [];
  const eventId = createActionIds();
  const addresses = new Map(
    config.subscriptions.map(({ uri }) => [uri, addressOf(new URL(uri, world.app.appUrl).href)]),
  );

  function dispatch(shop: Shop, happening: Happening, subscription: Subscription): void {
    const now = world.clock.now();
    const payload = buildPayload(shop, happening, now);
    if (!passesFilter(payload, subscription.filter)) return;
    const shared = { shop: shop.domain, topic: happening.topic, eventId: eventId() };
    const labels = { ...shared, apiVersion: config.apiVersion, triggeredAt: now.toISOString().replace("Z", "000000Z") };
    const body = JSON.stringify(includeFields(payload, subscription.includeFields));
    const address = addresses.get(subscription.uri);
    if (address === undefined) return;
    const sealed = seal(address, labels, { body, secret: world.app.apiSecret });
    if (deliveries.length > 2 * DELIVERIES_KEPT_MIN) deliveries.splice(0, DELIVERIES_KEPT_MIN);
    for (const copy of habits.copiesFor(shop.domain)) {
      const delivery = newDelivery(shared, copy, now);
      deliveries.push(delivery);
      if (!copy.dropped) courier.send(delivery, { ...sealed, webhookId: copy.webhookId }, copy.delayMs);
    }
  }

  world.listeners.push((shop, happening) => {
    for (const subscription of config.subscriptions) {
      const reachesApp = subscription.compliance || shop.installation !== null;
      if (reachesApp && subscription.topics.includes(happening.topic)) dispatch(shop, happening, subscription);
    }
  });

  return {
    habits,
    deliveries,
    dueCount: () => courier.dueCount(),
    ackTimes: () => courier.ackTimes(),
    stop: () => courier.stop(),
  };
}

function newDelivery(shared: Pick<Delivery, "shop" | "topic" | "eventId">, copy: Copy, now: Date): Delivery {
  const status = copy.dropped ? "dropped" : "pending";
  return { ...shared, id: copy.webhookId, at: now, attempts: 0, status, lastStatus: null, dueAt: now };
}

/** What one action causes within one turn of the event loop shares an event id. */
function createActionIds(): () => string {
  let current: string | null = null;
  return () => {
    if (current === null) {
      current = randomUUID();
      setImmediate(() => (current = null));
    }
    return current;
  };
}
