import type { KeyObject } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { CodeDirectory, KnownCode } from "#app/data/code-directory.repo.ts";
import type { KnownShop, ShopDirectory } from "#app/data/shop-directory.repo.ts";
import { CLICK_FLAG } from "#app/domain/attribution/click-evidence.ts";
import { normaliseCode } from "#app/domain/code/alias.ts";
import { visitorLocale } from "#app/domain/landing/visitor-locale.ts";
import { sealClickToken } from "#app/platform/click-token.ts";
import type { Clock } from "#app/platform/clock.ts";
import { newId, shopIdFor } from "#app/platform/ids.ts";
import type { Keys } from "#app/platform/keys.ts";
import type { Logger } from "#app/platform/logger.ts";
import type { Metrics } from "#app/platform/metrics.ts";
import { isBotAgent, isForced, isPrefetch, isPreviewFetcher } from "./agent.ts";
import { answerErrors, sendError } from "./answer.ts";
import type { ClickLog } from "./click-log.ts";
import { clickRow } from "./click-row.ts";
import { parseClientIp } from "./client-ip.ts";
import { within } from "./deadline.ts";
import { landingUrl, storefrontOrigin } from "./link-target.ts";
import { onwardPage, previewPage } from "./preview-page.ts";
import type { StorefrontLimits } from "./rate-limit.ts";
import { verifyProxy } from "./verify-proxy.ts";
import type { ProxyVerdict } from "./verify-proxy.ts";

/** A tap waits so long for its row; after that it is answered, and the row is written when it can be. */
const COMMIT_BUDGET_MS = 25;
/** A tap waits so long for shop and code, which are nearly always remembered; after that it goes on without. */
const LOOKUP_BUDGET_MS = 300;
/** The life of a token whose terms are not known: the window that every shop starts with. */
const WINDOW_DAYS_UNKNOWN = 30;
const DAY_MS = 86_400_000;
/** Stands for a text that no code can have; the token only has to look like one. */
const NO_CODE_TEXT = "0-0-0";
/** One storefront page for each of these: they are the other routes of the proxy, and never codes. */
const CODE_ROUTE = "/proxy/:code(^(?!(?:api|qr|card|join|status|claim)$)[^/]+$)";

export type LinkDeps = {
  readonly shops: Pick<ShopDirectory, "byDomain">;
  readonly codes: CodeDirectory;
  readonly keys: Keys;
  readonly secrets: readonly KeyObject[];
  readonly clickLog: ClickLog;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** `page` where the shop's proxy follows redirects itself, so that the browser would never see one. */
  readonly answer?: "redirect" | "page";
  readonly limits?: Pick<StorefrontLimits, "isFlood">;
};

type Tap = {
  readonly proxy: Extract<ProxyVerdict, { outcome: "genuine" }>;
  readonly shop: KnownShop | null;
  readonly codeText: string | null;
};
type Looked<T> = { readonly outcome: "read"; readonly value: T | null } | { readonly outcome: "unreadable" };

/**
 * The door for taps on links: `GET /proxy/{code}`, signed by Shopify's app proxy. Every genuine request is redirected to
 * the shop, whatever the code and whether or not the database answers: the token is the evidence, the row its record.
 */
export function registerLink(app: FastifyInstance, deps: LinkDeps): void {
  void app.register(async (scope) => {
    answerErrors(scope, deps.logger);
    // Taps that were answered before their rows were written have them written before the process ends.
    scope.addHook("onClose", () => deps.clickLog.close());
    scope.get<{ Params: { code: string } }>(CODE_ROUTE, async (request, reply) => {
      const proxy = verifyProxy(request.raw.url?.split("?").slice(1).join("?") ?? "", deps.secrets, Date.now());
      if (proxy.outcome !== "genuine") {
        deps.metrics.linkTaps.inc({ outcome: proxy.outcome });
        return sendError(reply, proxy.outcome);
      }
      reply.header("cache-control", "no-store").header("referrer-policy", "no-referrer");
      const shop = await look(deps, deps.shops.byDomain(proxy.shop));
      const tap = {
        proxy,
        shop: shop.outcome === "read" ? shop.value : null,
        codeText: normaliseCode(request.params.code),
      };
      return answerTap(deps, tap, request, reply);
    });
  });
}

async function answerTap(
  deps: LinkDeps,
  tap: Tap,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { proxy, shop, codeText } = tap;
  const origin = storefrontOrigin(shop, proxy.shop, headerOf(request, "x-forwarded-host"));
  const agent = headerOf(request, "user-agent") ?? "";
  const locale = visitorLocale(proxy.locale, headerOf(request, "accept-language"), shop?.language ?? "en");
  if (isPreviewFetcher(agent)) {
    deps.metrics.linkTaps.inc({ outcome: "preview" });
    const url = `${origin}${proxy.pathPrefix}/${encodeURIComponent(codeText ?? "")}`;
    reply
      .header("content-security-policy", "default-src 'none'; frame-ancestors 'none'")
      .type("text/html; charset=utf-8");
    return reply.send(previewPage({ shopName: shop?.name ?? proxy.shop, url, locale }));
  }

  const looked =
    shop === null || codeText === null ? null : await look(deps, deps.codes.resolve(shop.shopId, codeText));
  const known = looked?.outcome === "read" ? looked.value : null;
  const prefix = parseClientIp(headerOf(request, "x-forwarded-for") ?? null)?.prefix ?? null;
  const isFlood = deps.limits?.isFlood(shop?.shopId ?? proxy.shop, prefix) === true;
  const kind = isFlood ? "flood" : kindOfTap(request, agent, tap, known);
  deps.metrics.linkTaps.inc({ outcome: kind });
  const token =
    kind === "tap" || kind === "bot" || kind === "forced"
      ? await recordTap(deps, { tap, known, request, agent, kind })
      : null;
  const landingPath = known?.emailFirst === true ? `${proxy.pathPrefix}/join` : (known?.landingPath ?? null);
  const location = landingUrl({ origin, landingPath, pathPrefix: proxy.pathPrefix, token });
  if (deps.answer !== "page") return reply.code(302).header("location", location).send();
  reply
    .header("content-security-policy", "default-src 'none'; frame-ancestors 'none'")
    .type("text/html; charset=utf-8");
  return reply.send(onwardPage({ shopName: shop?.name ?? proxy.shop, location, locale }));
}

type KindOfTap = "tap" | "head" | "prefetch" | "bot" | "forced" | "owner";

/** An ordinary tap gets a token, and one that nobody looked at gets one that says so; the others are sent on without. */
function kindOfTap(request: FastifyRequest, agent: string, { proxy, shop }: Tap, known: KnownCode | null): KindOfTap {
  if (request.method === "HEAD") return "head";
  if (isPrefetch(request.headers)) return "prefetch";
  if (isBotAgent(agent)) return "bot";
  if (isForced(request.headers)) return "forced";
  if (shop === null || known === null || proxy.customerId === null) return "tap";
  const isOwner = known.ownerCustomerHashes.includes(shop.keyring.person("customer", proxy.customerId));
  return isOwner ? "owner" : "tap";
}

/** Makes the token and its row, and waits for the row as long as a tap may wait. A bot's row is kept, its token is not. */
async function recordTap(
  deps: LinkDeps,
  args: {
    tap: Tap;
    known: KnownCode | null;
    request: FastifyRequest;
    agent: string;
    kind: "tap" | "bot" | "forced";
  },
): Promise<string | null> {
  const { tap, known, request, agent, kind } = args;
  const issuedAt = deps.clock.now();
  const clickId = newId();
  const flags = kind === "tap" ? 0 : CLICK_FLAG[kind];
  const shopId = tap.shop?.shopId ?? shopIdFor(tap.proxy.shop);
  const row = clickRow({
    shopId,
    keyring: tap.shop?.keyring ?? null,
    clickId,
    clickedAt: issuedAt,
    codeId: known?.codeId ?? null,
    flags,
    agent,
    forwardedFor: headerOf(request, "x-forwarded-for") ?? null,
    referrer: headerOf(request, "referer") ?? null,
  });
  await within(deps.clickLog.write(row), COMMIT_BUDGET_MS);
  if (kind === "bot") return null;
  return sealClickToken(deps.keys, {
    shopId,
    // An alias leads to its code here already; an unknown text keeps the shape of a token and resolves to nothing.
    codeText: known?.code ?? tap.codeText ?? NO_CODE_TEXT,
    clickId,
    issuedAt,
    expiresAt: new Date(issuedAt.getTime() + (known?.windowDays ?? WINDOW_DAYS_UNKNOWN) * DAY_MS),
    flags,
  });
}

async function look<T>(deps: LinkDeps, lookup: Promise<T | null>): Promise<Looked<T>> {
  const found = await within(lookup, LOOKUP_BUDGET_MS);
  if (found.outcome === "done") return { outcome: "read", value: found.value };
  if (found.outcome === "failed") deps.logger.warn({ err: found.error }, "a tap goes on without what cannot be read");
  return { outcome: "unreadable" };
}

/** A header that came once; a repeated one is nobody's. */
function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === "string" ? value : undefined;
}
