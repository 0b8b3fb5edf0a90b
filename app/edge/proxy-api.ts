import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { answerErrors, sendError } from "./answer.ts";
import { answerClaim, answerSeen } from "./claim-answer.ts";
import type { ClaimCall, ClaimDeps } from "./claim-answer.ts";
import { parseClientIp } from "./client-ip.ts";
import { answerBind, answerLink, answerStatus, CUSTOMER_BODY_BYTES_MAX } from "./customer-answers.ts";
import type { CustomerDeps } from "./customer-answers.ts";
import type { StorefrontLimits } from "./rate-limit.ts";
import { hmacSecrets } from "./secrets.ts";
import { verifyProxy } from "./verify-proxy.ts";

type ProxyDeps = CustomerDeps &
  Omit<ClaimDeps, "limits"> & { readonly limits?: Pick<StorefrontLimits, "mayAsk" | "mayClaim"> };
type Visitor = ClaimCall;

/**
 * The API of the storefront script, behind Shopify's app proxy: `POST /proxy/api/link`, `GET /proxy/api/status`,
 * `POST /proxy/api/bind`, `POST /proxy/api/claim`, `POST /proxy/api/seen`. Shopify signs each request and says who is logged in; a visitor who is not
 * has no link, no status and nothing that could be bound, but may claim the friend's side of an offer.
 */
export function registerProxyApi(app: FastifyInstance, deps: ProxyDeps): void {
  void app.register(async (scope) => {
    const secrets = hmacSecrets(deps.env);
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      "*",
      { parseAs: "buffer", bodyLimit: CUSTOMER_BODY_BYTES_MAX },
      (_request, body, done) => {
        done(null, body);
      },
    );
    answerErrors(scope, deps.logger);
    scope.addHook("onRequest", async (_request, reply) => {
      reply.header("cache-control", "no-store").header("referrer-policy", "no-referrer");
    });

    async function visitor(request: FastifyRequest, reply: FastifyReply): Promise<Visitor | null> {
      const query = (request.raw.url ?? "").split("?").slice(1).join("?");
      const verdict = verifyProxy(query, secrets, Date.now());
      if (verdict.outcome !== "genuine") return refused(reply, verdict.outcome);
      const shop = await deps.shops.byDomain(verdict.shop);
      if (shop === null || !shop.installed) return refused(reply, "shop_unknown");
      const forwarded = request.headers["x-forwarded-for"];
      const prefix = parseClientIp(typeof forwarded === "string" ? forwarded : null)?.prefix ?? null;
      if (deps.limits?.mayAsk(shop.shopId, prefix) === false) return refused(reply, "too_many_requests");
      const acceptLanguage = request.headers["accept-language"];
      return { shop, customerId: verdict.customerId, prefix, acceptLanguage };
    }

    scope.post("/proxy/api/link", async (request, reply) => {
      const seen = await visitor(request, reply);
      if (seen === null) return reply;
      const { shop, customerId } = seen;
      return customerId === null
        ? sendError(reply, "customer_required")
        : answerLink(deps, reply, { shop, customerId }, bodyOf(request));
    });
    scope.get("/proxy/api/status", async (request, reply) => {
      const seen = await visitor(request, reply);
      if (seen === null) return reply;
      const { shop, customerId } = seen;
      return customerId === null
        ? sendError(reply, "customer_required")
        : answerStatus(deps, reply, { shop, customerId });
    });
    scope.post("/proxy/api/claim", async (request, reply) => {
      const seen = await visitor(request, reply);
      if (seen === null) return reply;
      return answerClaim(deps, reply, seen, bodyOf(request));
    });
    scope.post("/proxy/api/seen", async (request, reply) => {
      const seen = await visitor(request, reply);
      return seen === null ? reply : answerSeen(deps, reply, seen, bodyOf(request));
    });
    scope.post("/proxy/api/bind", async (request, reply) => {
      const seen = await visitor(request, reply);
      if (seen === null) return reply;
      const { shop, customerId } = seen;
      return customerId === null
        ? reply.send({ bound: false })
        : answerBind(deps, reply, { shop, customerId }, bodyOf(request));
    });
  });
}

function refused(
  reply: FastifyReply,
  code: "bad_signature" | "stale_signature" | "shop_unknown" | "too_many_requests",
): null {
  void sendError(reply, code);
  return null;
}

function bodyOf(request: FastifyRequest): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
}
