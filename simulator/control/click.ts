import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Simulator } from "../context.ts";
import { BROWSER_USER_AGENT } from "../oauth/installation.ts";
import { forwardProxy, type ProxyAnswer } from "../proxy/forward.ts";
import { note, requireShop, WorldError } from "../world/world.ts";
import { lastPart, read } from "./input.ts";

const Tap = z.object({
  shop: z.string(),
  ip: z.string().default("203.0.113.10"),
  userAgent: z.string().default(BROWSER_USER_AGENT),
  acceptLanguage: z.string().default("en-GB,en;q=0.9"),
  customerId: z.string().nullish(),
  headers: z.record(z.string(), z.string()).default({}),
  host: z.string().optional(),
  query: z.string().optional(),
});
const Click = Tap.extend({ code: z.string(), method: z.string().default("GET") });
const Proxied = Tap.extend({ path: z.string(), method: z.string().default("POST"), body: z.unknown() });

/** `/_control/click`, a tap on a link, and `/_control/proxy/request`, any other signed request through the app proxy. */
export function registerClickControl(server: FastifyInstance, simulator: Simulator): void {
  server.post("/_control/click", async (request) => {
    const body = read(Click, request.body);
    const answer = await throughProxy(simulator, { ...body, path: encodeURIComponent(body.code) });
    const location = typeof answer.headers["location"] === "string" ? answer.headers["location"] : null;
    return {
      status: answer.status,
      headers: answer.headers,
      location,
      token: tokenIn(location),
      body: answer.body.toString("utf8"),
    };
  });

  server.post("/_control/proxy/request", async (request) => {
    const { body, ...tap } = read(Proxied, request.body);
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const headers = sent === undefined ? tap.headers : { "content-type": "application/json", ...tap.headers };
    const answer = await throughProxy(simulator, { ...tap, headers, body: sent });
    return { status: answer.status, headers: answer.headers, body: jsonOrText(answer.body.toString("utf8")) };
  });
}

async function throughProxy(
  { world, config }: Simulator,
  tap: z.output<typeof Tap> & { readonly path: string; readonly method: string; readonly body?: string | undefined },
): Promise<ProxyAnswer> {
  const shop = requireShop(world, tap.shop);
  note(world, shop, `${tap.method} ${tap.path} went through the app proxy`);
  try {
    return await forwardProxy(
      { world, config, shop },
      {
        method: tap.method,
        path: tap.path.replace(/^\//, ""),
        query: tap.query,
        headers: {
          accept: "text/html,application/json",
          "user-agent": tap.userAgent,
          "accept-language": tap.acceptLanguage,
          ...tap.headers,
        },
        body: tap.body,
        host: tap.host ?? shop.domains[0] ?? shop.domain,
        ip: tap.ip,
        customerId: tap.customerId == null ? null : lastPart(tap.customerId),
      },
    );
  } catch (error) {
    throw new WorldError(`The app did not answer: ${error instanceof Error ? error.message : String(error)}`, 502);
  }
}

function tokenIn(location: string | null): string | null {
  if (location === null || !URL.canParse(location, "http://storefront")) return null;
  return new URL(location, "http://storefront").searchParams.get("ref_token");
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
