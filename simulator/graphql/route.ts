import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Simulator } from "../context.ts";
import { UNKNOWN_TOKEN, withFault } from "../faults/with-fault.ts";
import { findAccessToken } from "../oauth/tokens.ts";
import type { Shop } from "../world/types.ts";
import { executeAdmin, rootFieldsOf, type GraphqlRequest } from "./execute.ts";
import { loadAdminSchema } from "./schema.ts";

const Body = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});
const Params = z.object({ version: z.string() });
type Answer = { readonly status: number; readonly body: unknown };

/** Serves `POST /admin/api/{version}/graphql.json` over the published schema. */
export function registerGraphql(server: FastifyInstance, simulator: Simulator): void {
  loadAdminSchema();
  server.post("/admin/api/:version/graphql.json", async (request, reply) => {
    const parsed = Body.safeParse(request.body);
    const fields = parsed.success ? rootFieldsOf(parsed.data) : [];
    const labels = ["graphql", ...fields.map((field) => `graphql:${field}`)];
    const endToken = (): void => void shopOf(simulator, request)?.installation?.accessTokens.delete(tokenOf(request));
    await withFault({ faults: simulator.faults, labels, request, reply, endToken }, () =>
      answer(simulator, request, parsed.data ?? null),
    );
  });
}

function shopOf({ world }: Simulator, request: FastifyRequest): Shop | undefined {
  const domain = request.headers["x-sim-shop"];
  return typeof domain === "string" ? world.shops.get(domain) : undefined;
}

function tokenOf(request: FastifyRequest): string {
  const header = request.headers["x-shopify-access-token"];
  return typeof header === "string" ? header : "";
}

async function answer(simulator: Simulator, request: FastifyRequest, body: GraphqlRequest | null): Promise<Answer> {
  const { world, config, throttle } = simulator;
  const shop = shopOf(simulator, request);
  const { version } = Params.parse(request.params);
  if (shop === undefined || version !== config.apiVersion) return { status: 404, body: { errors: "Not Found" } };
  const token = findAccessToken(shop, tokenOf(request));
  if (token === null) return { status: 401, body: { errors: UNKNOWN_TOKEN } };
  if (body === null) return { status: 400, body: { errors: { query: "Required parameter missing or invalid" } } };
  return { status: 200, body: await executeAdmin({ world, shop, scopes: token.scopes }, throttle, body) };
}
