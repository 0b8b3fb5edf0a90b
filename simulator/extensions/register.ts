import type { FastifyInstance } from "fastify";
import QRCode from "qrcode";
import { serveAsset } from "../pages/assets.ts";
import { WorldError, type World } from "../world/world.ts";
import { bundleExtension, sandboxed } from "./bundle.ts";
import type { ExtensionTarget } from "./catalogue.ts";
import { extensionTargets } from "./place.ts";

const TEXT_CHARACTERS_MAX = 300;

/** Serves the app's UI extensions, bundled when they are first asked for, and what draws them. */
export function registerExtensions(app: FastifyInstance, { world }: { readonly world: World }): void {
  const bundles = new Map<string, Promise<string>>();
  const bundleOf = ({ target, entry }: ExtensionTarget): Promise<string> => {
    const made = bundles.get(target) ?? bundleExtension(entry, world.app.appUrl).then(sandboxed);
    bundles.set(target, made);
    return made;
  };

  for (const file of ["host.js", "elements.js", "elements.css"])
    serveAsset(app, `/_extensions/${file}`, new URL(`assets/${file}`, import.meta.url));
  app.get<{ Params: { script: string } }>("/_extensions/:script", async (request, reply) => {
    const found = extensionTargets().get(request.params.script.replace(/\.js$/, ""));
    if (found === undefined) throw new WorldError("The app extends no such target.", 404);
    return reply
      .type("text/javascript; charset=utf-8")
      .header("cache-control", "no-cache")
      .send(await bundleOf(found));
  });
  app.get<{ Querystring: { text?: string } }>("/_extensions/qr", async (request, reply) => {
    const text = (request.query.text ?? "").slice(0, TEXT_CHARACTERS_MAX);
    if (text === "") throw new WorldError("There is nothing to encode.", 400);
    return reply.type("image/svg+xml").send(await QRCode.toString(text, { type: "svg", margin: 2 }));
  });
}
