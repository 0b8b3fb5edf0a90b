import { createServer, request, type IncomingMessage } from "node:http";
import Fastify from "fastify";
import { registerAccount } from "../account/register.ts";
import { registerAdmin } from "../admin/register.ts";
import { loadAppConfig } from "../app-config.ts";
import { registerExtensions } from "../extensions/register.ts";
import { registerPages } from "../pages/register.ts";
import { startDispatcher } from "../webhooks/dispatcher.ts";
import { createShop } from "../world/shops.ts";
import type { Shop } from "../world/types.ts";
import { createWorld, type World } from "../world/world.ts";
import { registerStorefront } from "./register.ts";

export type Heard = {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
};
export type Answer = { readonly status: number; readonly headers: IncomingMessage["headers"]; readonly body: string };
export type Ask = {
  readonly method?: string;
  readonly form?: Record<string, string>;
  readonly json?: unknown;
  readonly headers?: Record<string, string>;
};

/** A browser of a test: keeps the shop's cookies and never follows a redirect by itself. */
export type TestBrowser = (path: string, ask?: Ask) => Promise<Answer>;

export type OpenShop = {
  readonly world: World;
  readonly shop: Shop;
  /** What reached the app. */
  readonly heard: Heard[];
  /** What the app answers from now on. */
  app: { status: number; headers: Record<string, string>; body: string };
  readonly browser: (host?: string) => TestBrowser;
  close(): Promise<void>;
};

const HOST = "freshbox.localhost";

/** Opens FreshBox on free ports, with an app behind it that answers as told. */
export async function openShop(): Promise<OpenShop> {
  const heard: Heard[] = [];
  const opened = { status: 200, headers: {} as Record<string, string>, body: "" };
  const app = createServer((incoming, answer) => {
    let body = "";
    incoming.on("data", (chunk: Buffer) => (body += chunk.toString()));
    incoming.on("end", () => {
      heard.push({ method: incoming.method ?? "", url: incoming.url ?? "", headers: incoming.headers, body });
      answer.writeHead(result.app.status, result.app.headers).end(result.app.body);
    });
  });
  const appPort = await new Promise<number>((resolve) => {
    app.listen(0, "127.0.0.1", () => resolve(portOf(app.address())));
  });
  const world = createWorld({ appUrl: `http://localhost:${appPort}`, apiKey: "key", apiSecret: "hush" });
  const shop = createShop(world, { shop: "freshbox", name: "FreshBox", domains: [HOST] });
  const config = loadAppConfig();
  const server = Fastify({ forceCloseConnections: true });
  const dispatcher = startDispatcher(world, config);
  registerPages(server, { world, dispatcher });
  registerAdmin(server, { world, config });
  registerStorefront(server, { world, config });
  registerAccount(server, { world });
  registerExtensions(server, { world });
  await server.listen({ port: 0, host: "127.0.0.1" });
  const port = portOf(server.server.address());
  const result: OpenShop = {
    world,
    shop,
    heard,
    app: opened,
    browser: (host = HOST) => browserOf(port, host),
    async close() {
      dispatcher.stop();
      for (const timer of world.background) clearTimeout(timer);
      app.closeAllConnections();
      app.close();
      await server.close();
    },
  };
  return result;
}

function portOf(address: ReturnType<ReturnType<typeof createServer>["address"]>): number {
  return typeof address === "object" && address !== null ? address.port : 0;
}

function browserOf(port: number, host: string): TestBrowser {
  const cookies = new Map<string, string>();
  return (path, ask = {}) =>
    new Promise((resolve, reject) => {
      const body = ask.form
        ? new URLSearchParams(ask.form).toString()
        : ask.json === undefined
          ? undefined
          : JSON.stringify(ask.json);
      const type = ask.form ? "application/x-www-form-urlencoded" : "application/json";
      const headers = {
        host,
        accept: "text/html",
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
        ...(body === undefined ? {} : { "content-type": type }),
        ...ask.headers,
      };
      const method = ask.method ?? (body === undefined ? "GET" : "POST");
      const outgoing = request({ port, host: "127.0.0.1", path, method, headers }, (incoming) => {
        for (const cookie of incoming.headers["set-cookie"] ?? []) {
          const [name = "", value = ""] = (cookie.split(";")[0] ?? "").split("=");
          cookies.set(name, value);
        }
        let text = "";
        incoming.on("data", (chunk: Buffer) => (text += chunk.toString()));
        incoming.on("end", () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: text }));
      });
      outgoing.on("error", reject);
      outgoing.end(body);
    });
}
