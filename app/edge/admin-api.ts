import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { BlockSubject } from "#app/admin-block.ts";
import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import type { Goodword } from "#app/goodword.ts";
import { answerErrors, sendError } from "./answer.ts";
import { hmacSecrets } from "./secrets.ts";
import { verifyStaffToken } from "./verify-session-token.ts";

const BEARER = /^Bearer ([A-Za-z0-9._-]+)$/;
const ID = /^[1-9]\d{0,18}$/;
const PREFLIGHT_SECONDS = "7200";

export type AdminApiDeps = Pick<Goodword, "env" | "shops" | "logger" | "adminBlock">;

/**
 * The API of the app's blocks in Shopify's admin: `GET /api/admin/order/{id}` and `GET /api/admin/customer/{id}`, each with the
 * id token that the admin puts on the calls of its extensions. Reading only: what can be done is done in the app.
 */
export function registerAdminApi(app: FastifyInstance, deps: AdminApiDeps): void {
  void app.register(async (scope) => {
    const secrets = hmacSecrets(deps.env);
    answerErrors(scope, deps.logger);
    // Extensions run on an origin of Shopify's; the token is the proof, and no cookie exists.
    scope.addHook("onRequest", async (_request, reply) => {
      reply.header("access-control-allow-origin", "*").header("cache-control", "no-store");
    });

    async function caller(request: FastifyRequest, reply: FastifyReply): Promise<KnownShop | null> {
      const [, token = ""] = BEARER.exec(request.headers.authorization ?? "") ?? [];
      const verdict = verifyStaffToken(token, { secrets, apiKey: deps.env.SHOPIFY_API_KEY, nowMs: Date.now() });
      if (verdict.outcome !== "genuine") return refused(reply, verdict.outcome);
      const shop = await deps.shops.byDomain(verdict.shop);
      return shop === null || !shop.installed ? refused(reply, "shop_unknown") : shop;
    }

    scope.options("/api/admin/*", async (_request, reply) =>
      reply
        .code(204)
        .header("access-control-allow-methods", "GET")
        .header("access-control-allow-headers", "authorization, content-type")
        .header("access-control-max-age", PREFLIGHT_SECONDS)
        .send(),
    );
    for (const kind of ["order", "customer"] as const)
      scope.get<{ Params: { id: string } }>(`/api/admin/${kind}/:id`, async (request, reply) => {
        const shop = await caller(request, reply);
        if (shop === null) return reply;
        const subject: BlockSubject = { kind, id: request.params.id };
        return ID.test(subject.id)
          ? reply.send(await deps.adminBlock({ shop, subject }))
          : sendError(reply, "bad_request");
      });
  });
}

function refused(reply: FastifyReply, code: "unauthorised" | "foreign_audience" | "shop_unknown"): null {
  void sendError(reply, code);
  return null;
}
