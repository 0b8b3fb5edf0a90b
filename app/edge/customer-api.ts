import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { answerErrors, sendError } from "./answer.ts";
import { callerNetwork } from "./client-ip.ts";
import {
  answerAppeal,
  answerBind,
  answerInvite,
  answerLink,
  answerStatus,
  CUSTOMER_BODY_BYTES_MAX,
} from "./customer-answers.ts";
import type { CustomerDeps, KnownCustomerCall } from "./customer-answers.ts";
import type { StorefrontLimits } from "./rate-limit.ts";
import { hmacSecrets } from "./secrets.ts";
import { verifySessionToken } from "./verify-session-token.ts";

export type CustomerApiDeps = CustomerDeps & {
  readonly limits?: Pick<StorefrontLimits, "mayCall" | "mayCallAs">;
};

const BEARER = /^Bearer ([A-Za-z0-9._-]+)$/;
const PREFLIGHT_SECONDS = "7200";

/**
 * The API of the customer-account and checkout extensions: `POST /api/customer/link`, `GET /api/customer/status`,
 * `POST /api/customer/bind`, `POST /api/customer/invite`, `POST /api/customer/appeal`, each with a session token as bearer.
 * Extensions run without an origin of their own, so any
 * origin may ask: the token is the proof, and no cookie exists.
 */
export function registerCustomerApi(app: FastifyInstance, deps: CustomerApiDeps): void {
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
      reply.header("access-control-allow-origin", "*").header("cache-control", "no-store");
    });

    async function caller(request: FastifyRequest, reply: FastifyReply): Promise<KnownCustomerCall | null> {
      const network = callerNetwork(request.headers["x-forwarded-for"], request.ip);
      if (deps.limits?.mayCall(network) === false) return refused(reply, "too_many_requests");
      const [, token = ""] = BEARER.exec(request.headers.authorization ?? "") ?? [];
      const verdict = verifySessionToken(token, { secrets, apiKey: deps.env.SHOPIFY_API_KEY, nowMs: Date.now() });
      if (verdict.outcome !== "genuine") return refused(reply, verdict.outcome);
      if (verdict.customerId === null) return refused(reply, "customer_required");
      const { customerId } = verdict;
      const shop = await deps.shops.byDomain(verdict.shop);
      if (shop === null || !shop.installed) return refused(reply, "shop_unknown");
      return deps.limits?.mayCallAs(shop.shopId, customerId) === false
        ? refused(reply, "too_many_requests")
        : { shop, customerId };
    }

    scope.options("/api/customer/*", async (_request, reply) =>
      reply
        .code(204)
        .header("access-control-allow-methods", "GET, POST")
        .header("access-control-allow-headers", "authorization, content-type")
        .header("access-control-max-age", PREFLIGHT_SECONDS)
        .send(),
    );
    scope.post("/api/customer/link", async (request, reply) => {
      const call = await caller(request, reply);
      return call === null ? reply : answerLink(deps, reply, call, bodyOf(request));
    });
    scope.post("/api/customer/invite", async (request, reply) => {
      const call = await caller(request, reply);
      return call === null ? reply : answerInvite(deps, reply, call, bodyOf(request));
    });
    scope.get("/api/customer/status", async (request, reply) => {
      const call = await caller(request, reply);
      return call === null ? reply : answerStatus(deps, reply, call);
    });
    scope.post("/api/customer/appeal", async (request, reply) => {
      const call = await caller(request, reply);
      return call === null ? reply : answerAppeal(deps, reply, call, bodyOf(request));
    });
    scope.post("/api/customer/bind", async (request, reply) => {
      const call = await caller(request, reply);
      return call === null ? reply : answerBind(deps, reply, call, bodyOf(request));
    });
  });
}

function refused(
  reply: FastifyReply,
  code: "unauthorised" | "foreign_audience" | "customer_required" | "shop_unknown" | "too_many_requests",
): null {
  void sendError(reply, code);
  return null;
}

function bodyOf(request: FastifyRequest): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
}
