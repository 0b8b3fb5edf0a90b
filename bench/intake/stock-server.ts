// The stock way, for comparison: a Remix route with `authenticate.webhook` and one Prisma insert, as a template has it.
// Each part is the library's own; sessions are kept in memory, which is faster than any database.
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createReadableStreamFromReadable, createRequestHandler } from "@remix-run/node";
import type { ActionFunctionArgs, ServerBuild } from "@remix-run/node";
import "@shopify/shopify-app-remix/adapters/node";
import { Session } from "@shopify/shopify-api";
import { ApiVersion, AppDistribution, shopifyApp } from "@shopify/shopify-app-remix/server";
import pg from "pg";
import { createPrisma } from "#app/data/prisma.ts";
import { newId, shopIdFor } from "#app/platform/ids.ts";
import { API_SECRET } from "#test/builders/door.ts";

const port = Number(process.env["PORT"]);
const sessions = new Map<string, Session>();
const shopify = shopifyApp({
  apiKey: "bench",
  apiSecretKey: API_SECRET,
  appUrl: `http://localhost:${port}`,
  apiVersion: ApiVersion.October26,
  distribution: AppDistribution.SingleMerchant,
  sessionStorage: {
    storeSession: (session) => Promise.resolve(sessions.set(session.id, session).size > 0),
    loadSession: (id) => Promise.resolve(sessions.get(id)),
    deleteSession: (id) => Promise.resolve(sessions.delete(id)),
    deleteSessions: (ids) => Promise.resolve(ids.every((id) => sessions.delete(id))),
    findSessionsByShop: (shop) => Promise.resolve([...sessions.values()].filter((session) => session.shop === shop)),
  },
});
for (const shop of (process.env["BENCH_SHOPS"] ?? "").split(",")) {
  const id = `offline_${shop}`;
  sessions.set(
    id,
    new Session({ id, shop, state: "", isOnline: false, accessToken: "shpat_bench", scope: "read_orders" }),
  );
}
const prisma = createPrisma(new pg.Pool({ connectionString: process.env["DATABASE_URL"] ?? "", max: 10 }));

async function action({ request }: ActionFunctionArgs): Promise<Response> {
  const { topic, shop, payload, webhookId } = await shopify.authenticate.webhook(request);
  const data = {
    shopId: shopIdFor(shop),
    id: newId(),
    topic,
    webhookId,
    bodySha256: Buffer.alloc(32),
    facts: JSON.parse(JSON.stringify(payload)),
  };
  await prisma.inboxRow.create({ data: { ...data, state: "new", nextAt: new Date(), receivedAt: new Date() } });
  return new Response();
}

const build: ServerBuild = {
  mode: "production",
  entry: { module: { default: () => new Response("no pages here", { status: 404 }) } },
  routes: {
    webhooks: { id: "webhooks", path: "webhooks", module: { action, loader: null } as never }, // a route without a page
  },
  assets: { entry: { imports: [], module: "" }, routes: {}, url: "", version: "bench" },
  publicPath: "/",
  assetsBuildDirectory: "",
  future: { v3_fetcherPersist: true, v3_relativeSplatPath: true, v3_throwAbortReason: true } as ServerBuild["future"],
  isSpaMode: false,
};
const handle = createRequestHandler(build, "production");

async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers))
    if (typeof value === "string") headers.append(name, value);
  const url = `http://127.0.0.1:${port}${incoming.url ?? "/"}`;
  const response = await handle(
    new Request(url, { method: "POST", headers, body: createReadableStreamFromReadable(incoming), duplex: "half" }),
  );
  const body = await response.text();
  outgoing.writeHead(response.status, { "content-length": Buffer.byteLength(body) }).end(body);
}

createServer((incoming, outgoing) => {
  if (incoming.url === "/up") outgoing.writeHead(200, { "content-length": 0 }).end();
  else void answer(incoming, outgoing).catch((error: unknown) => outgoing.writeHead(500).end(String(error)));
}).listen(port, "127.0.0.1");
