import type { KeyObject } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import { visitorLocale } from "#app/domain/landing/visitor-locale.ts";
import { normaliseEmail } from "#app/domain/person/email.ts";
import type { Goodword } from "#app/goodword.ts";
import { answerErrors, sendError } from "./answer.ts";
import { parseClientIp } from "./client-ip.ts";
import { claimedPage, closedPage, landingPage } from "./landing-page.ts";
import type { StorefrontLimits } from "./rate-limit.ts";
import { pickTokens } from "./tokens.ts";
import { verifyProxy } from "./verify-proxy.ts";

const FORM_BYTES_MAX = 4_096;

export type LandingDeps = Pick<Goodword, "shops" | "logger" | "describeInvitation" | "claimWelcome"> & {
  readonly secrets: readonly KeyObject[];
  readonly limits?: Pick<StorefrontLimits, "mayAsk" | "mayClaim">;
};

type Visitor = {
  readonly shop: KnownShop;
  readonly customerId: string | null;
  readonly pathPrefix: string;
  readonly prefix: string | null;
  /** Language of the page that was asked for, as the request names it; null where it names none. */
  readonly asked: string | null;
  readonly locale: string;
};

/**
 * The landing page, `GET` and `POST /proxy/join`, signed by Shopify's app proxy and shown in the shop's theme: for a friend
 * whose browser runs no script, or stores nothing, and for every friend where the merchant asks for the address first. It
 * asks for an e-mail address and answers with the code.
 */
export function registerLanding(app: FastifyInstance, deps: LandingDeps): void {
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: FORM_BYTES_MAX }, (_request, body, done) => {
      done(null, body);
    });
    answerErrors(scope, deps.logger);
    scope.addHook("onRequest", async (_request, reply) => {
      reply
        .header("cache-control", "no-store")
        .header("referrer-policy", "no-referrer")
        .header("x-robots-tag", "noindex");
    });
    scope.get("/proxy/join", async (request, reply) => {
      const visitor = await visitorOf(deps, request, reply);
      if (visitor === null) return reply;
      const asked = new URLSearchParams(queryOf(request)).getAll("ref_token");
      return show(deps, reply, visitor, { token: asked[0] ?? "", isBadAddress: false });
    });
    scope.post("/proxy/join", async (request, reply) => {
      const visitor = await visitorOf(deps, request, reply);
      if (visitor === null) return reply;
      const form = new URLSearchParams(Buffer.isBuffer(request.body) ? request.body.toString("utf8") : "");
      return take(deps, reply, visitor, { token: form.get("token") ?? "", typed: form.get("email") ?? "" });
    });
  });
}

async function visitorOf(deps: LandingDeps, request: FastifyRequest, reply: FastifyReply): Promise<Visitor | null> {
  const proxy = verifyProxy(queryOf(request), deps.secrets, Date.now());
  if (proxy.outcome !== "genuine") {
    void sendError(reply, proxy.outcome);
    return null;
  }
  const shop = await deps.shops.byDomain(proxy.shop);
  if (shop === null || !shop.installed) {
    void sendError(reply, "shop_unknown");
    return null;
  }
  const forwarded = request.headers["x-forwarded-for"];
  const ip = parseClientIp(typeof forwarded === "string" ? forwarded : null);
  const { customerId, pathPrefix, locale: asked } = proxy;
  const locale = visitorLocale(asked, request.headers["accept-language"], shop.language);
  return { shop, customerId, pathPrefix, prefix: ip?.prefix ?? null, asked, locale };
}

async function show(
  deps: LandingDeps,
  reply: FastifyReply,
  { shop, pathPrefix, asked, locale }: Visitor,
  given: { token: string; isBadAddress: boolean },
): Promise<FastifyReply> {
  const [token] = pickTokens([given.token]);
  if (token === undefined) return inTheme(reply, closedPage("link_expired", locale));
  const invitation = await deps.describeInvitation({ shop, by: { token }, locale });
  if (invitation.outcome === "closed") return inTheme(reply, closedPage(invitation.reason, locale));
  // The answer to the form is in the language of the form.
  const action = `${pathPrefix}/join${asked === null ? "" : `?locale=${encodeURIComponent(locale)}`}`;
  return inTheme(reply, landingPage({ invitation, locale, action, token, isBadAddress: given.isBadAddress }));
}

/** Anything that keeps the friend from the code is a page that says so: a person reads it, not a program. */
async function take(
  deps: LandingDeps,
  reply: FastifyReply,
  visitor: Visitor,
  given: { token: string; typed: string },
): Promise<FastifyReply> {
  const [token] = pickTokens([given.token]);
  const email = normaliseEmail(given.typed);
  if (token === undefined || email === null)
    return show(deps, reply, visitor, { token: given.token, isBadAddress: true });
  const { shop, customerId, prefix, locale } = visitor;
  if (deps.limits?.mayAsk(shop.shopId, prefix) === false || deps.limits?.mayClaim(shop.shopId, token) === false)
    return inTheme(reply, closedPage("too_many_requests", locale));
  const invitation = await deps.describeInvitation({ shop, by: { token }, locale });
  if (invitation.outcome === "closed") return inTheme(reply, closedPage(invitation.reason, locale));
  const claim = { shop, customerId, prefix, token, email, device: null, cartToken: null, locale };
  const claimed = await deps.claimWelcome(claim);
  if (claimed.outcome === "refused") return inTheme(reply, closedPage(claimed.reason, locale));
  return inTheme(reply, claimedPage({ invitation, locale, welcomeCode: claimed.welcomeCode, retry: claimed.retry }));
}

/** Shopify puts the shop's theme around it. */
function inTheme(reply: FastifyReply, page: string): FastifyReply {
  return reply.type("application/liquid; charset=utf-8").send(page);
}

function queryOf(request: FastifyRequest): string {
  return request.raw.url?.split("?").slice(1).join("?") ?? "";
}
