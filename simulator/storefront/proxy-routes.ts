import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { AppConfig } from "../app-config.ts";
import { html, trustedHtml } from "../pages/html.ts";
import { forwardProxy, proxyPrefix, type ProxyAnswer } from "../proxy/forward.ts";
import { nameOf } from "../world/customers.ts";
import { note, shopByHost, WorldError, type World } from "../world/world.ts";
import { storefrontPage, titleOf } from "./layout.ts";
import { sessionsOf, visit, type Visit } from "./sessions.ts";

const PROXY_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
const HOPS_MAX = 5;
const Switch = z.object({ followRedirects: z.boolean() });

/**
 * The app proxy on every storefront host: `/a/r/…` goes to the app, signed. Redirects reach the browser unchanged;
 * `POST /_control/proxy {followRedirects: true}` makes the simulator follow them itself, as the documentation may also be read.
 */
export function registerProxy(
  app: FastifyInstance,
  { world, config }: { readonly world: World; readonly config: AppConfig },
): void {
  let followRedirects = false;
  app.post("/_control/proxy", (request) => {
    const wanted = Switch.safeParse(request.body);
    if (!wanted.success) throw new WorldError("followRedirects must be true or false.", 400);
    followRedirects = wanted.data.followRedirects;
    return { followRedirects };
  });

  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    // the app gets the very bytes that the browser sent
    scope.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
    scope.route({
      method: PROXY_METHODS,
      url: `${proxyPrefix(config)}/*`,
      constraints: { surface: "storefront" },
      handler: async (request, reply) => {
        const now = visit(world, sessionsOf(world), request, reply);
        const answer = await forward({ world, config, now, request });
        noteTap(world, config, now, request);
        if (answer === null) return unreachable(world, now, reply);
        const onward = followRedirects ? await follow(scope, world, answer) : null;
        return onward === null ? relay(world, now, reply, answer) : reply.type("text/html").send(onward);
      },
    });
  });
}

type Forwarding = {
  readonly world: World;
  readonly config: AppConfig;
  readonly now: Visit;
  readonly request: FastifyRequest;
};

/** Asks the app; null when it cannot be reached. */
async function forward({ world, config, now, request }: Forwarding): Promise<ProxyAnswer | null> {
  const [path = "", ...query] = request.url.split("?");
  const headers = Object.entries(request.headers).flatMap(([name, value]) =>
    typeof value === "string" ? [[name, value] as const] : [],
  );
  try {
    return await forwardProxy(
      { world, config, shop: now.shop },
      {
        method: request.method,
        path: path.slice(proxyPrefix(config).length + 1),
        query: query.join("?"),
        headers: Object.fromEntries(headers),
        body: Buffer.isBuffer(request.body) ? request.body : undefined,
        host: request.headers.host ?? "",
        ip: now.clientIp,
        customerId: now.customer?.id ?? null,
      },
    );
  } catch (error) {
    request.log.warn(error, "the app did not answer the proxy");
    return null;
  }
}

/** Tells the front page that somebody followed a link. */
function noteTap(world: World, config: AppConfig, now: Visit, request: FastifyRequest): void {
  const path = request.url.split("?")[0] ?? "";
  const code = path.slice(proxyPrefix(config).length + 1);
  if (request.method !== "GET" || code.includes("/") || code === "join") return;
  const who = now.customer === null ? titleOf(now.session.identity ?? "somebody") : nameOf(now.customer);
  note(world, now.shop, `${who} followed the link ${path}`);
}

function relay(world: World, now: Visit, reply: FastifyReply, answer: ProxyAnswer): FastifyReply {
  for (const [name, value] of Object.entries(answer.headers)) if (name !== "content-length") reply.header(name, value);
  reply.code(answer.status);
  if (!String(answer.headers["content-type"] ?? "").startsWith("application/liquid"))
    return reply.send(answer.body.length === 0 ? undefined : answer.body);
  // Liquid is shown inside the theme; its tags are not run here
  const body = trustedHtml(answer.body.toString("utf8"));
  return reply.type("text/html").send(storefrontPage(world, now, { title: now.shop.name, body }));
}

/** What the redirect leads to, when it leads to a page of a shop here; null when it leads elsewhere or nowhere. */
async function follow(scope: FastifyInstance, world: World, answer: ProxyAnswer): Promise<string | null> {
  let location = answer.status >= 300 && answer.status < 400 ? answer.headers["location"] : undefined;
  for (let hop = 0; hop < HOPS_MAX && typeof location === "string"; hop += 1) {
    const url = URL.parse(location);
    if (url === null || shopByHost(world, url.host) === null) return null;
    const page = await scope.inject({
      url: url.pathname + url.search,
      headers: { host: url.host, accept: "text/html" },
    });
    if (page.statusCode < 300 || page.statusCode >= 400) return page.body;
    location = String(page.headers["location"] ?? "");
  }
  return null;
}

function unreachable(world: World, now: Visit, reply: FastifyReply): FastifyReply {
  const body = html`<section class="quiet">
    <h1>There was a problem loading this page</h1>
    <p>The app behind it does not answer. Try again in a moment.</p>
  </section>`;
  return reply
    .code(502)
    .type("text/html")
    .send(storefrontPage(world, now, { title: "Not available", body }));
}
