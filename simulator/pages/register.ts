import type { FastifyInstance } from "fastify";
import { addSurfaces } from "../storefront/surfaces.ts";
import { WorldError } from "../world/world.ts";
import { serveAsset } from "./assets.ts";
import { frontFacts, frontPage, type Glance } from "./front-page.ts";
import { mailPage } from "./mail-page.ts";
import { pixelPage } from "./pixel-page.ts";
import { smsPage } from "./sms-page.ts";

const PLAIN = { constraints: { surface: "plain" } };

/** Serves the simulator's own pages on its plain host: the world at a glance, the mail, the text messages, and the web pixel. */
export function registerPages(app: FastifyInstance, simulator: Glance): void {
  const { world } = simulator;
  addSurfaces(app, world);
  serveAsset(app, "/_assets/pages.css", new URL("assets/pages.css", import.meta.url));
  serveAsset(app, "/_assets/front.js", new URL("assets/front.js", import.meta.url));
  app.get("/", PLAIN, (_request, reply) => reply.type("text/html").send(frontPage(simulator)));
  app.get("/_front/facts", (_request, reply) => reply.header("cache-control", "no-store").send(frontFacts(simulator)));
  app.get("/mail", PLAIN, (_request, reply) => reply.type("text/html").send(mailPage(world, null)));
  app.get("/sms", PLAIN, (_request, reply) => reply.type("text/html").send(smsPage(world)));
  app.get("/pixel", PLAIN, (_request, reply) => reply.type("text/html").send(pixelPage(world)));
  app.get<{ Params: { number: string } }>("/mail/:number", PLAIN, (request, reply) =>
    reply.type("text/html").send(mailPage(world, Number(request.params.number))),
  );
  app.get<{ Params: { number: string } }>("/mail/:number/body", PLAIN, (request, reply) => {
    const mail = world.mails[Number(request.params.number)];
    if (mail === undefined) throw new WorldError("There is no such mail.", 404);
    // a mail is somebody else's HTML: it may style itself, and do nothing more
    const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";
    return reply.type("text/html").header("content-security-policy", policy).send(mail.html);
  });
}
