import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { FaultBoard } from "../faults/faults.ts";
import { withFault } from "../faults/with-fault.ts";
import type { Shop } from "../world/types.ts";
import type { World } from "../world/world.ts";
import { verifyJwt } from "./jwt.ts";
import { STAFF_USER_ID } from "./session-tokens.ts";
import { issueTokens, refreshTokens, type IssuedTokens } from "./tokens.ts";

const TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const ID_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:id_token";
const ONLINE_TYPE = "urn:shopify:params:oauth:token-type:online-access-token";
const OFFLINE_TYPE = "urn:shopify:params:oauth:token-type:offline-access-token";

const GrantRequest = z.object({
  client_id: z.string(),
  client_secret: z.string(),
  grant_type: z.string(),
  subject_token: z.string().optional(),
  subject_token_type: z.string().optional(),
  requested_token_type: z.string().optional(),
  refresh_token: z.string().optional(),
  expiring: z.union([z.string(), z.number(), z.boolean()]).optional(),
});
type GrantRequest = z.infer<typeof GrantRequest>;

type Answer = { readonly status: number; readonly body: Readonly<Record<string, unknown>> };

/** Serves `POST /admin/oauth/access_token`: token exchange and refresh with rotation. */
export function registerOauth(
  server: FastifyInstance,
  deps: { readonly world: World; readonly faults: FaultBoard },
): void {
  server.post("/admin/oauth/access_token", async (request, reply) => {
    const header = request.headers["x-sim-shop"];
    const shop = typeof header === "string" ? deps.world.shops.get(header) : undefined;
    const parsed = GrantRequest.safeParse(request.body);
    const kind = parsed.data?.grant_type === "refresh_token" ? "refresh" : "exchange";
    await withFault({ faults: deps.faults, labels: ["oauth", `oauth:${kind}`], request, reply }, () => {
      if (shop === undefined) return Promise.resolve({ status: 404, body: { errors: "Not Found" } });
      if (!parsed.success) return Promise.resolve(refusal("invalid_request", "The request is missing a parameter"));
      return Promise.resolve(grant(deps.world, shop, parsed.data));
    });
  });
}

function grant(world: World, shop: Shop, request: GrantRequest): Answer {
  if (request.client_id !== world.app.apiKey || request.client_secret !== world.app.apiSecret) {
    return refusal("invalid_client", "Client authentication failed");
  }
  if (request.grant_type === "refresh_token") return refresh(shop, request);
  if (request.grant_type === TOKEN_EXCHANGE) return exchange(world, shop, request);
  return refusal("unsupported_grant_type", "The grant type is not supported");
}

function exchange(world: World, shop: Shop, request: GrantRequest): Answer {
  const mode = request.requested_token_type === ONLINE_TYPE ? "online" : "offline";
  if (request.subject_token_type !== ID_TOKEN_TYPE)
    return refusal("invalid_request", "subject_token_type is not supported");
  if (mode === "offline" && request.requested_token_type !== OFFLINE_TYPE) {
    return refusal("invalid_request", "requested_token_type is not supported");
  }
  if (shop.installation === null || !isIdTokenFor(world, shop, request.subject_token ?? "")) {
    return refusal("invalid_subject_token", "The subject token is invalid or has expired");
  }
  const expiring = mode === "online" || ["1", "true"].includes(String(request.expiring ?? "0"));
  const tokens = issueTokens(shop.installation, { mode, expiring });
  if (mode === "offline") return { status: 200, body: tokenBody(tokens) };
  const { scopes } = tokens.access;
  return {
    status: 200,
    body: { ...tokenBody(tokens), associated_user_scope: scopes.join(","), associated_user: STAFF_MEMBER },
  };
}

function refresh(shop: Shop, request: GrantRequest): Answer {
  const tokens = shop.installation === null ? null : refreshTokens(shop.installation, request.refresh_token ?? "");
  if (tokens === null) return refusal("invalid_grant", "The refresh token is invalid, expired or revoked");
  return { status: 200, body: tokenBody(tokens) };
}

function isIdTokenFor(world: World, shop: Shop, token: string): boolean {
  const claims = verifyJwt(token, world.app.apiSecret);
  if (claims === null || claims["aud"] !== world.app.apiKey || claims["dest"] !== `https://${shop.domain}`)
    return false;
  return typeof claims["exp"] === "number" && claims["exp"] > Date.now() / 1000;
}

function tokenBody({ access, refresh: refreshToken }: IssuedTokens): Record<string, unknown> {
  const secondsLeft = (atMs: number): number => Math.round((atMs - Date.now()) / 1000);
  return {
    access_token: access.token,
    scope: access.scopes.join(","),
    ...(access.expiresAtMs === null ? {} : { expires_in: secondsLeft(access.expiresAtMs) }),
    ...(refreshToken === null
      ? {}
      : { refresh_token: refreshToken.token, refresh_token_expires_in: secondsLeft(refreshToken.expiresAtMs) }),
  };
}

function refusal(error: string, description: string): Answer {
  return { status: 400, body: { error, error_description: description } };
}

const STAFF_MEMBER = {
  id: Number(STAFF_USER_ID),
  first_name: "Alex",
  last_name: "Merchant",
  email: "alex@merchant.example",
  email_verified: true,
  account_owner: true,
  locale: "en",
  collaborator: false,
} as const;
