import { PassThrough } from "node:stream";
import { createReadableStreamFromReadable } from "@remix-run/node";
import type { AppLoadContext, EntryContext } from "@remix-run/node";
import { isRouteErrorResponse, RemixServer } from "@remix-run/react";
import { renderToPipeableStream } from "react-dom/server";
import type { AdminLoadContext } from "./admin-context.ts";
import { frameAncestors } from "./routes/frame-policy.server.ts";

const RENDER_TIMEOUT_MS = 5_000;

/**
 * Renders a page. A page is only sent whole (`onAllReady`): admin pages are small, and a status that is known
 * before the first byte is worth more here than an early shell.
 */
export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  remixContext: EntryContext,
  loadContext: AppLoadContext,
): Promise<Response> {
  // Fastify hands every request this context (app/remix-fastify.ts); Remix only types it as unknown fields.
  const { goodword, embedding } = loadContext as AdminLoadContext;
  headers.set("content-type", "text/html; charset=utf-8");
  // A page that the Shopify library threw before anybody was authenticated brings its own policy.
  if (embedding.shop !== null || !headers.has("content-security-policy")) {
    headers.set("content-security-policy", frameAncestors(embedding.shop, goodword.env.SHOPIFY_SIMULATOR_URL));
  }
  headers.set("referrer-policy", "no-referrer");
  headers.set("x-content-type-options", "nosniff");
  headers.set("cache-control", "no-store");

  return new Promise((resolve, reject) => {
    const { pipe, abort } = renderToPipeableStream(<RemixServer context={remixContext} url={request.url} />, {
      onAllReady() {
        clearTimeout(timer);
        const body = new PassThrough();
        resolve(new Response(createReadableStreamFromReadable(body), { headers, status }));
        pipe(body);
      },
      onShellError(error) {
        clearTimeout(timer);
        reject(error);
      },
      onError(error) {
        goodword.logger.error({ err: error }, "a page could not be rendered in full");
      },
    });
    const timer = setTimeout(abort, RENDER_TIMEOUT_MS);
  });
}

/**
 * Reports what a loader or action threw, unless the browser went away first. A thrown `Response`, and an address or
 * method that no route has, are answers and no faults.
 */
export function handleError(error: unknown, { request, context }: { request: Request; context: AppLoadContext }): void {
  if (request.signal.aborted || isRouteErrorResponse(error)) return;
  // The same context as above.
  (context as AdminLoadContext).goodword.logger.error(
    { err: error, route: new URL(request.url).pathname },
    "route failed",
  );
}
