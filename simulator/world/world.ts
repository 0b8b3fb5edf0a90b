import { createSimClock, type SimClock } from "../clock.ts";
import type { Happening, Listener } from "./events.ts";
import { createIdSource, type IdSource } from "./ids.ts";
import type { FlowTrigger, PixelSighting } from "./storefront-types.ts";
import type { AppIdentity, FeedEntry, Shop, StoredMail, StoredSms } from "./types.ts";

/** Everything the simulator knows. One per simulator; several shops live in it. */
export type World = {
  readonly app: AppIdentity;
  /** Origin of the simulator itself, "http://localhost:4600"; known once it listens. */
  url: string;
  readonly clock: SimClock;
  readonly nextId: IdSource;
  /** By myshopify domain. */
  readonly shops: Map<string, Shop>;
  readonly mails: StoredMail[];
  readonly sms: StoredSms[];
  /** Calls of the model's stand-in. */
  modelCalls: number;
  /** What the web pixels of all shops saw, newest last. */
  readonly pixelSightings: PixelSighting[];
  readonly flowTriggers: FlowTrigger[];
  /** Newest last, at most twice FEED_ENTRIES_MIN. */
  readonly feed: FeedEntry[];
  readonly listeners: Listener[];
  /** Work that Shopify would do a moment later: risk, bulk codes. Counted by `settled`. */
  readonly background: Set<NodeJS.Timeout>;
};

/** The newest are kept, so many at least; each cut moves all that stay. */
const FEED_ENTRIES_MIN = 500;

/** A request that the simulator cannot do, with a message for whoever drives it. Becomes a 4xx. */
export class WorldError extends Error {
  override readonly name = "WorldError";
  readonly status: number;

  constructor(message: string, status = 422) {
    super(message);
    this.status = status;
  }
}

/** Makes an empty world for one app. */
export function createWorld(app: AppIdentity): World {
  return {
    app,
    url: "",
    clock: createSimClock(),
    nextId: createIdSource(),
    shops: new Map(),
    mails: [],
    sms: [],
    modelCalls: 0,
    pixelSightings: [],
    flowTriggers: [],
    feed: [],
    listeners: [],
    background: new Set(),
  };
}

/** Tells every listener (webhooks among them) what just happened in a shop. */
export function announce(world: World, shop: Shop, happening: Happening): void {
  for (const listener of world.listeners) listener(shop, happening);
}

/** Adds a line to the feed of the front page. No secrets: people read it. */
export function note(world: World, shop: Shop | null, text: string): void {
  world.feed.push({ at: world.clock.now(), shop: shop?.domain ?? null, text });
  if (world.feed.length > 2 * FEED_ENTRIES_MIN) world.feed.splice(0, FEED_ENTRIES_MIN);
}

/** Does `work` after `delayMs` of real time; `settled` waits for it. */
export function later(world: World, delayMs: number, work: () => void): void {
  const timer = setTimeout(() => {
    world.background.delete(timer);
    work();
  }, delayMs);
  world.background.add(timer);
}

/** Finds a shop by its myshopify domain or bare name; throws WorldError 404 when there is none. */
export function requireShop(world: World, domain: string): Shop {
  const shop = world.shops.get(domain) ?? world.shops.get(`${domain}.myshopify.com`);
  if (shop === undefined) throw new WorldError(`There is no shop ${domain}.`, 404);
  return shop;
}

/** Finds the shop that owns a storefront host ("freshbox.localhost:4600", "shop.example.com"), or null. */
export function shopByHost(world: World, host: string): Shop | null {
  const wanted = host.toLowerCase();
  for (const shop of world.shops.values()) {
    if (shop.domain === wanted || shop.domains.includes(wanted)) return shop;
  }
  return null;
}
