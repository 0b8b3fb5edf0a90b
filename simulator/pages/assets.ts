import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import type { FastifyInstance } from "fastify";

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/**
 * Serves one file at one path, read at each request, so that an edit shows on reload.
 * The file is open to other origins: the app's pages load the bridge from here.
 */
export function serveAsset(app: FastifyInstance, path: string, file: URL): void {
  app.get(path, async (_request, reply) => {
    const type = TYPES[extname(file.pathname)] ?? "application/octet-stream";
    return reply
      .type(type)
      .header("cache-control", "no-cache")
      .header("access-control-allow-origin", "*")
      .send(await readFile(file));
  });
}
