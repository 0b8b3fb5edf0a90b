import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { Call } from "../graphql/call.ts";
import { executeAdmin, type GraphqlAnswer } from "../graphql/execute.ts";
import { createThrottle, type Throttle } from "../graphql/throttle.ts";
import { grantInstallation } from "../oauth/installation.ts";
import { createShop, type CreateShopInput } from "../world/shops.ts";
import type { Shop } from "../world/types.ts";
import { createWorld, type World } from "../world/world.ts";

export const API_KEY = "simulated-api-key";
export const API_SECRET = "hush";
/** Every scope that any operation of the simulator asks for. */
export const ALL_SCOPES: readonly string[] = [
  "read_customers",
  "read_orders",
  "write_discounts",
  "write_pixels",
  "read_customer_events",
  "write_store_credit_account_transactions",
  "read_store_credit_accounts",
  "write_gift_cards",
  "read_customer_merge",
];

export type Bench = {
  readonly world: World;
  readonly shop: Shop;
  /** Runs an Admin API request with every scope, or with those given. */
  readonly ask: (
    query: string,
    variables?: Record<string, unknown>,
    scopes?: readonly string[],
  ) => Promise<GraphqlAnswer>;
};

/** A world with one shop that has the app, and a way to ask its Admin API without HTTP. */
export function buildBench(
  options: { readonly appUrl?: string; readonly shop?: Partial<CreateShopInput>; readonly throttle?: Throttle } = {},
): Bench {
  const world = createWorld({
    appUrl: options.appUrl ?? "http://127.0.0.1:9",
    apiKey: API_KEY,
    apiSecret: API_SECRET,
  });
  const shop = createShop(world, { shop: "freshbox", name: "FreshBox", ...options.shop });
  grantInstallation(world, shop, ALL_SCOPES);
  const throttle = options.throttle ?? createThrottle();
  const ask: Bench["ask"] = (query, variables, scopes = ALL_SCOPES) => {
    const call: Call = { world, shop, scopes };
    return executeAdmin(call, throttle, { query, variables });
  };
  return { world, shop, ask };
}

export type Received = {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};
export type FakeApp = { readonly url: string; readonly received: Received[]; close(): Promise<void> };

/** A stand-in for the app: keeps what it is sent; `answer` decides what it says (default: 200). */
export async function startFakeApp(
  answer: (request: Received, response: ServerResponse) => void = (_request, response) => void response.end("{}"),
): Promise<FakeApp> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const entry: Received = {
        method: request.method ?? "",
        url: request.url ?? "",
        headers: request.headers,
        body: Buffer.concat(chunks).toString("utf8"),
      };
      received.push(entry);
      answer(entry, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Waits until `check` holds; throws after two seconds. */
export async function eventually(check: () => boolean): Promise<void> {
  for (let waitedMs = 0; waitedMs < 2_000; waitedMs += 10) {
    if (check()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("It did not happen within two seconds.");
}
