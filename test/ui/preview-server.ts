import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
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

/**
 * Serves the built admin with made-up data and the simulator's App Bridge, on loopback alone.
 *
 * @param wantedPort 0 for any that is free.
 * @param buildDirectory What was built, from the root of the repository.
 */
export async function startPreview(wantedPort: number, buildDirectory = "build"): Promise<PreviewServer> {
  const port = wantedPort === 0 ? await freePort() : wantedPort;
  const origin = `http://127.0.0.1:${String(port)}`;
  const preview = createPreviewGoodword(origin);
  const app = fastify({ logger: false });
  const bridge = (name: string) => readFile(`${ROOT}/simulator/admin/assets/${name}`, "utf8");
  app.get("/app-bridge.js", async (_request, reply) =>
    reply.type("text/javascript").send(await bridge("app-bridge.js")),
  );
  app.get("/_assets/app-bridge.css", async (_request, reply) =>
    reply.type("text/css").send(await bridge("app-bridge.css")),
  );
  app.get("/_bridge/id-token", () => ({ idToken: "preview" }));
  app.get("/_empty", (request) => {
    preview.setEmpty(new URL(request.url, origin).searchParams.has("on"));
    return {};
  });
  await mountRemix(app, {
    buildPath: `${ROOT}/${buildDirectory}`,
    getLoadContext: () => ({ goodword: preview.goodword, embedding: { shop: null } }),
  });
  await app.listen({ port, host: "127.0.0.1" });
  return { origin, app, preview, close: () => app.close() };
}

/** The environment names the origin, so the port must be known before anything listens on it. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  if (address === null || typeof address === "string") throw new Error("No port is free.");
  return address.port;
}

if (import.meta.main) {
  const { origin } = await startPreview(Number(process.env["PORT"] ?? 5200), process.env["ADMIN_BUILD_DIR"]);
  process.stdout.write(`Preview of the admin: ${origin}/app\n`);
}
