import { createHash } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import { randomHex } from "../world/ids.ts";
import type { Consent } from "../world/storefront-types.ts";
import type { Customer, Shop } from "../world/types.ts";
import { shopByHost, WorldError, type World } from "../world/world.ts";
import { newCart, type Cart } from "./cart.ts";

/** What a shop remembers of one browser. */
export type StorefrontSession = {
  readonly id: string;
  readonly shopDomain: string;
  /** Who the front page said sits at this browser ("dan"); null for a browser that just came by. */
  readonly identity: string | null;
  customerId: string | null;
  /** Who is logged in to the customer account, which at Shopify is a domain of its own with a log-in of its own. */
  accountCustomerId: string | null;
  /** Path and query of the first page of the visit, as Shopify keeps it for the order. */
  landingSite: string | null;
  referringSite: string | null;
  cart: Cart;
  /** What "Buy it now" or the wallet began: a checkout of its own beside the cart. */
  expressCart: Cart | null;
  /** What the visitor answered about consent; null until they did. */
  consent: Consent | null;
  /** Where the visitor seems to be (ISO 3166). */
  readonly country: string;
  /** An in-app browser that keeps nothing: its scripts have no cookie and no storage, and the next visit begins anew. */
  readonly keepsNothing: boolean;
};

/** Who comes by; without facts, somebody unknown with an ordinary browser in the shop's own country. */
export type Visitor = {
  readonly identity?: string | undefined;
  readonly country?: string | undefined;
  readonly keepsNothing?: boolean | undefined;
};

/** All browsers of all shops. */
export type Sessions = { readonly byId: Map<string, StorefrontSession>; readonly idByIdentity: Map<string, string> };

/** Who is asking, and what is known about the browser. */
export type Visit = {
  readonly shop: Shop;
  readonly session: StorefrontSession;
  /** Logged in to the shop. */
  readonly customer: Customer | null;
  /** Logged in to the customer account. */
  readonly account: Customer | null;
  readonly clientIp: string;
  readonly userAgent: string | null;
  readonly acceptLanguage: string | null;
};

const COOKIE = "shop_session";
const SESSIONS_MAX = 10_000;

/** No browser yet. */
export function createSessions(): Sessions {
  return { byId: new Map(), idByIdentity: new Map() };
}

/** Starts a browser's session; the oldest is forgotten when there are too many. */
export function startSession(sessions: Sessions, shop: Shop, visitor: Visitor = {}): StorefrontSession {
  const { identity = null, country = shop.countryCode, keepsNothing = false } = visitor;
  const session: StorefrontSession = {
    id: randomHex(16),
    shopDomain: shop.domain,
    identity,
    customerId: null,
    accountCustomerId: null,
    landingSite: null,
    referringSite: null,
    cart: newCart(),
    expressCart: null,
    consent: null,
    country,
    keepsNothing,
  };
  sessions.byId.set(session.id, session);
  if (identity !== null && !keepsNothing) sessions.idByIdentity.set(`${shop.domain}/${identity}`, session.id);
  const [oldest] = sessions.byId.keys();
  if (sessions.byId.size > SESSIONS_MAX && oldest !== undefined) sessions.byId.delete(oldest);
  return session;
}

/** The session of a named person's browser, started when there is none yet. The country counts for a new one alone. */
export function sessionOfIdentity(
  sessions: Sessions,
  shop: Shop,
  visitor: Visitor & { readonly identity: string },
): StorefrontSession {
  const known = sessions.byId.get(sessions.idByIdentity.get(`${shop.domain}/${visitor.identity}`) ?? "");
  return known ?? startSession(sessions, shop, visitor);
}

/** Gives the browser its session cookie: first-party, gone with the browser. */
export function setSessionCookie(reply: FastifyReply, session: StorefrontSession): void {
  reply.header("set-cookie", `${COOKIE}=${session.id}; Path=/; HttpOnly; SameSite=Lax`);
}

/** Reads who is asking; a browser without a session gets one. Throws WorldError 404 for a host that is no shop. */
export function visit(world: World, sessions: Sessions, request: FastifyRequest, reply: FastifyReply): Visit {
  const shop = shopByHost(world, request.headers.host ?? "");
  if (shop === null) throw new WorldError("No shop lives at this address.", 404);
  const known = sessions.byId.get(cookieOf(request.headers.cookie, COOKIE));
  const session = known?.shopDomain === shop.domain ? known : startSession(sessions, shop);
  if (session !== known) setSessionCookie(reply, session);
  return { shop, session, ...knownIn(shop, session), ...browserFacts(request, session) };
}

/** What is being bought: what an express button began, else the basket. */
export function checkedOut(session: StorefrontSession): Cart {
  return session.expressCart ?? session.cart;
}

/** Marks the page as the first of the visit when there was none. */
export function land(session: StorefrontSession, request: FastifyRequest): void {
  if (session.landingSite !== null) return;
  session.landingSite = request.url;
  session.referringSite = request.headers.referer ?? null;
}

function knownIn(shop: Shop, session: StorefrontSession): Pick<Visit, "customer" | "account"> {
  const customerOf = (given: string | null): Customer | null =>
    given === null ? null : (shop.customers.get(shop.mergedCustomers.get(given) ?? given) ?? null);
  return { customer: customerOf(session.customerId), account: customerOf(session.accountCustomerId) };
}

function browserFacts(
  request: FastifyRequest,
  session: StorefrontSession,
): Pick<Visit, "clientIp" | "userAgent" | "acceptLanguage"> {
  const forwarded = String(request.headers["x-forwarded-for"] ?? "")
    .split(",")[0]
    ?.trim();
  const remote = (request.socket.remoteAddress ?? "127.0.0.1").replace(/^::ffff:/, "");
  return {
    clientIp: forwarded || (session.identity === null ? remote : addressOf(session.identity)),
    userAgent: request.headers["user-agent"] ?? null,
    acceptLanguage: request.headers["accept-language"] ?? null,
  };
}

/** People in one demo share one machine; their browsers get addresses of their own (RFC 5737's documentation range). */
function addressOf(identity: string): string {
  const [first = 0] = createHash("sha256").update(identity).digest();
  return `203.0.113.${1 + (first % 254)}`;
}

function cookieOf(header: string | undefined, name: string): string {
  for (const pair of (header ?? "").split(";")) {
    const [key, ...value] = pair.trim().split("=");
    if (key === name) return value.join("=");
  }
  return "";
}

const sessionsByWorld = new WeakMap<World, Sessions>();

/** The browsers of one world; every part of the simulator that serves shoppers shares them. */
export function sessionsOf(world: World): Sessions {
  const known = sessionsByWorld.get(world);
  if (known !== undefined) return known;
  const made = createSessions();
  sessionsByWorld.set(world, made);
  return made;
}
