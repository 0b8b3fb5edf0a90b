import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Simulator } from "../context.ts";
import { withFault } from "../faults/with-fault.ts";
import { findAccessToken } from "../oauth/tokens.ts";
import { executeAdmin, rootFieldsOf, type GraphqlRequest } from "./execute.ts";
import { loadAdminSchema } from "./schema.ts";

const Body = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});
type Answer = { readonly status: number; readonly body: unknown };

const UNKNOWN_TOKEN = "[API] Invalid API key or access token (unrecognized login or wrong password)";

/** Serves `POST /admin/api/{version}/graphql.json` over the published schema. */
export function registerGraphql(server: FastifyInstance, simulator: Simulator): void {
  loadAdminSchema();
  server.post("/admin/api/:version/graphql.json", async (request, reply) => {
    const parsed = Body.safeParse(request.body);
    const fields = parsed.success ? rootFieldsOf(parsed.data) : [];
    const labels = ["graphql", ...fields.map((field) => `graphql:${field}`)];
    await withFault({ faults: simulator.faults, labels, request, reply }, () =>
      answer(simulator, request, parsed.data ?? null),
    );
  });
}

async function answer(
  { world, config, throttle }: Simulator,
  request: FastifyRequest,
  body: GraphqlRequest | null,
): Promise<Answer> {
  const domain = request.headers["x-sim-shop"];
  const shop = typeof domain === "string" ? world.shops.get(domain) : undefined;
  const { version } = z.object({ version: z.string() }).parse(request.params);
  if (shop === undefined || version !== config.apiVersion) return { status: 404, body: { errors: "Not Found" } };
  const header = request.headers["x-shopify-access-token"];
  const token = findAccessToken(shop, typeof header === "string" ? header : "");
  if (token === null) return { status: 401, body: { errors: UNKNOWN_TOKEN } };
  if (body === null) return { status: 400, body: { errors: { query: "Required parameter missing or invalid" } } };
  return { status: 200, body: await executeAdmin({ world, shop, scopes: token.scopes }, throttle, body) };
}
