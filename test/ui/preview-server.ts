import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import fastify from "fastify";
import type { FastifyInstance } from "fastify";
import { mountRemix } from "#app/remix-fastify.ts";
import type { Preview } from "./preview-goodword.ts";
import { createPreviewGoodword } from "./preview-goodword.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export type PreviewServer = {
  readonly origin: string;
  readonly app: FastifyInstance;
  readonly preview: Preview;
  close(): Promise<void>;
};

/** Serves the built admin with made-up data and the simulator's App Bridge, on loopback alone. Needs `build/`. */
export async function startPreview(port: number): Promise<PreviewServer> {
  const origin = `http://127.0.0.1:${String(port)}`;
  const preview = createPreviewGoodword(origin);
  const app = fastify({ logger: false });
  const bridge = await readFile(`${ROOT}/simulator/admin/assets/app-bridge.js`, "utf8");
  app.get("/app-bridge.js", (_request, reply) => reply.type("text/javascript").send(bridge));
  app.get("/_bridge/id-token", () => ({ idToken: "preview" }));
  app.get("/_empty", (request) => {
    preview.setEmpty(new URL(request.url, origin).searchParams.has("on"));
    return {};
  });
  await mountRemix(app, {
    buildPath: `${ROOT}/build`,
    getLoadContext: () => ({ goodword: preview.goodword, embedding: { shop: null } }),
  });
  await app.listen({ port, host: "127.0.0.1" });
  return { origin, app, preview, close: () => app.close() };
}

if (import.meta.main) {
  const { origin } = await startPreview(Number(process.env["PORT"] ?? 5200));
  process.stdout.write(`Preview of the admin: ${origin}/app\n`);
}
