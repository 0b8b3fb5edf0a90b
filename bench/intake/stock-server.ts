// The stock way, for comparison, as Shopify's template has it: a Remix route with `authenticate.webhook`, which loads the
// shop's session through Prisma, and one Prisma insert. Each part is the library's own.
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
const prisma = createPrisma(new pg.Pool({ connectionString: process.env["DATABASE_URL"] ?? "", max: 10 }));
const shopIds = new Map((process.env["BENCH_SHOPS"] ?? "").split(",").map((shop) => [shop, shopIdFor(shop)]));

function shopIdOf(shop: string): string {
  return shopIds.get(shop) ?? shopIdFor(shop);
}

/** What the template's session storage does to load one: a row by its key, and a `Session` out of it. */
async function loadSession(id: string): Promise<Session | undefined> {
  const shop = id.replace(/^offline_/, "");
  const row = await prisma.session.findUnique({ where: { shopId_id: { shopId: shopIdOf(shop), id } } });
  if (row === null) return undefined;
  const { state, isOnline, scope } = row;
  return new Session({ id, shop, state, isOnline, scope: scope ?? "", accessToken: String(row.accessToken) });
}

const unused = (): never => {
  throw new Error("a webhook only loads its session");
};
const shopify = shopifyApp({
  apiKey: "bench",
  apiSecretKey: API_SECRET,
  appUrl: `http://localhost:${port}`,
  apiVersion: ApiVersion.October26,
  distribution: AppDistribution.SingleMerchant,
  sessionStorage: {
    loadSession,
    storeSession: unused,
    deleteSession: unused,
    deleteSessions: unused,
    findSessionsByShop: unused,
  },
});
for (const [domain, shopId] of shopIds) {
  const session = { id: `offline_${domain}`, domain, isOnline: false, scope: "read_orders" };
  await prisma.session.create({ data: { shopId, ...session, accessToken: Buffer.from(`shpat_${"0".repeat(32)}`) } });
}

async function action({ request }: ActionFunctionArgs): Promise<Response> {
  const { topic, shop, payload, webhookId } = await shopify.authenticate.webhook(request);
  const data = { shopId: shopIdOf(shop), id: newId(), topic, webhookId, bodySha256: Buffer.alloc(32), facts: payload };
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
