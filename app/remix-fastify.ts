import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { pathToFileURL } from "node:url";
import { createReadableStreamFromReadable, createRequestHandler } from "@remix-run/node";
import type { ServerBuild } from "@remix-run/node";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { AdminLoadContext } from "./admin-context.ts";
import { errorBody } from "./platform/errors.ts";
import { dataRouteFor } from "./remix-data-route.ts";

const ADMIN_BODY_BYTES_MAX = 256 * 1024;
const YEAR_S = 31_536_000;

const CONTENT_TYPES: Record<string, string> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
};

export type MountRemixOptions = {
  /** Called once a request; what it returns is the `context` of every loader and action. */
  getLoadContext: (request: FastifyRequest) => AdminLoadContext;
  /** The folder that `remix vite:build` wrote: `client/` and `server/index.js` are read from it. */
  buildPath: string;
};

/**
 * Mounts the built admin in a Fastify scope of its own: the scope parses no body, because Remix reads the stream
 * itself and a body can only be read once. Every path that no other route claims goes to Remix.
 * Throws when `buildPath` holds no build.
 */
export async function mountRemix(app: FastifyInstance, options: MountRemixOptions): Promise<void> {
  const clientPath = join(options.buildPath, "client");
  const serverFile = pathToFileURL(join(options.buildPath, "server", "index.js")).href;
  // The build's shape is Remix's own contract; it is the only module here that TypeScript cannot see.
  const build = (await import(serverFile)) as ServerBuild;
  const handle = createRequestHandler(build, "production");

  await app.register(async function remixScope(scope) {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", (_request, _payload, done) => {
      done(null);
    });
    scope.get("/assets/*", (request, reply) => sendAsset(clientPath, request, reply));
    scope.all("*", { bodyLimit: ADMIN_BODY_BYTES_MAX }, async (request, reply) => {
      if (!URL.canParse(addressOf(request))) return reply.code(400).send();
      const gone = new AbortController();
      reply.raw.once("close", () => {
        if (!reply.raw.writableFinished) gone.abort(new Error("the browser went away"));
      });
      const dataRoute = dataRouteOf(request, build);
      const answer = await handle(toWebRequest(request, dataRoute, gone.signal), options.getLoadContext(request));
      if (dataRoute !== null && isTurnedAway(answer)) {
        return reply.code(401).header("connection", "close").send(errorBody("unauthorised"));
      }
      return sendWebResponse(answer, reply);
    });
  });
}

/** The route whose action answers a form post that asks for JSON; null for everything that wants a page. */
function dataRouteOf(request: FastifyRequest, build: ServerBuild): string | null {
  if (request.method !== "POST" || !(request.headers.accept ?? "").startsWith("application/json")) return null;
  const { pathname, searchParams } = new URL(addressOf(request));
  return searchParams.has("_data") ? null : dataRouteFor(build.routes, pathname);
}

/** The Shopify library leads a visitor without a valid token to a page; a program that asked for JSON is told plainly. */
function isTurnedAway(answer: Response): boolean {
  return answer.status === 401 || answer.headers.has("x-remix-redirect");
}

/** Turns Fastify's request into the web's, body still unread and capped. */
function toWebRequest(request: FastifyRequest, dataRoute: string | null, signal: AbortSignal): Request {
  const url = new URL(addressOf(request));
  if (dataRoute !== null) url.searchParams.set("_data", dataRoute);

  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    for (const item of Array.isArray(value) ? value : [value]) if (item !== undefined) headers.append(name, item);
  }
  if (request.method === "GET" || request.method === "HEAD") {
    return new Request(url, { method: request.method, headers, signal });
  }
  const body = createReadableStreamFromReadable(Readable.from(capped(request.raw)));
  return new Request(url, { method: request.method, headers, signal, body, duplex: "half" });
}

/** Joined as text, so that a path of `//elsewhere` stays a path. */
function addressOf(request: FastifyRequest): string {
  return `${request.protocol}://${request.host}${request.raw.url ?? "/"}`;
}

async function* capped(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let readBytes = 0;
  for await (const chunk of chunks) {
    readBytes += chunk.length;
    if (readBytes > ADMIN_BODY_BYTES_MAX) throw new Response("The form is too large.", { status: 413 });
    yield chunk;
  }
}

/** Streams a web response out through Fastify; a browser that leaves half way is no error. */
async function sendWebResponse(answer: Response, reply: FastifyReply): Promise<FastifyReply> {
  reply.hijack();
  const { raw } = reply;
  // A body that was not read to its end would otherwise keep the connection, and a graceful close, waiting.
  if (!reply.request.raw.complete) raw.setHeader("connection", "close");
  raw.statusCode = answer.status;
  for (const [name, value] of answer.headers) {
    if (name !== "set-cookie") raw.setHeader(name, value);
  }
  const cookies = answer.headers.getSetCookie();
  if (cookies.length > 0) raw.setHeader("set-cookie", cookies);
  if (answer.body === null) {
    raw.end();
    return reply;
  }
  try {
    // The DOM's and Node's stream types describe the same object.
    await pipeline(Readable.fromWeb(answer.body as NodeReadableStream), raw);
  } catch (error) {
    if (!raw.destroyed) throw error;
    reply.log.debug({ err: error }, "the browser left before the page was sent");
  }
  return reply;
}

/** Serves a built asset. Names carry a hash of the content, so a browser may keep them for a year. */
async function sendAsset(clientPath: string, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const [path = "/"] = request.url.split("?");
  const file = normalize(join(clientPath, path));
  const type = CONTENT_TYPES[extname(file)];
  if (type === undefined || !file.startsWith(join(clientPath, "assets") + sep)) return reply.code(404).send();
  const found = await stat(file).catch(() => null); // an asset of an older build: not found is the whole answer
  if (found === null || !found.isFile()) return reply.code(404).send();
  return reply
    .header("content-type", type)
    .header("content-length", found.size)
    .header("cache-control", `public, max-age=${String(YEAR_S)}, immutable`)
    .header("x-content-type-options", "nosniff")
    .send(createReadStream(file));
}
