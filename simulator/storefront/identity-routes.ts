import type { FastifyInstance } from "fastify";
import { html, htmlDocument, jsonForScript } from "../pages/html.ts";
import { requireCustomer } from "../world/customers.ts";
import { shopByHost, WorldError, type World } from "../world/world.ts";
import { logIn } from "./account-routes.ts";
import { titleOf } from "./layout.ts";
import { sessionOfIdentity, sessionsOf, setSessionCookie, startSession } from "./sessions.ts";

const HERE = { constraints: { surface: "storefront" } };
const IDENTITY = /^[a-z][a-z0-9-]{0,19}$/;

/**
 * `/_identity/{name}?customer={id}&to={path}&country={GB}`: from here on this browser is that person's. Each person keeps a
 * session, a basket, an address on the network and the storage of a browser of their own, so that one machine can play several
 * people. `/_in-app/{name}?to={path}` is that person in a chat app's browser: it begins anew each time and keeps nothing.
 */
export function registerIdentities(scope: FastifyInstance, world: World): void {
  scope.get<{ Params: { name: string }; Querystring: { customer?: string; to?: string; country?: string } }>(
    "/_identity/:name",
    HERE,
    (request, reply) => {
      const shop = shopByHost(world, request.headers.host ?? "");
      if (shop === null || !IDENTITY.test(request.params.name))
        throw new WorldError("Nobody of that name can be here.", 404);
      const { country } = request.query;
      const session = sessionOfIdentity(sessionsOf(world), shop, { identity: request.params.name, country });
      setSessionCookie(reply, session);
      if (request.query.customer !== undefined) {
        logIn(world, { shop, session }, requireCustomer(shop, request.query.customer));
      }
      return reply.type("text/html").send(swapPage(request.params.name, localPath(request.query.to)));
    },
  );
  scope.get<{ Params: { name: string }; Querystring: { to?: string; country?: string } }>(
    "/_in-app/:name",
    HERE,
    (request, reply) => {
      const shop = shopByHost(world, request.headers.host ?? "");
      const { name: identity } = request.params;
      if (shop === null || !IDENTITY.test(identity)) throw new WorldError("Nobody of that name can be here.", 404);
      const { country, to } = request.query;
      setSessionCookie(reply, startSession(sessionsOf(world), shop, { identity, country, keepsNothing: true }));
      return reply.redirect(localPath(to), 302);
    },
  );
}

function localPath(wanted = "/"): string {
  return /^\/(?![/\\])/.test(wanted) ? wanted : "/";
}

/** Puts the storage of whoever sat here away and takes out that of the one who comes. */
function swapPage(name: string, to: string): string {
  const script = html`<script>
    {
      const SHELF = "simulator_people";
      const wanted = ${jsonForScript({ name, to })};
      const shelf = JSON.parse(localStorage.getItem(SHELF) ?? "{}");
      const leaving = localStorage.getItem("simulator_person") ?? "visitor";
      localStorage.removeItem(SHELF);
      localStorage.removeItem("simulator_person");
      const cookies = document.cookie.split("; ").filter((pair) => pair !== "");
      if (leaving !== wanted.name) {
        shelf[leaving] = { storage: { ...localStorage }, cookies };
        localStorage.clear();
        sessionStorage.clear();
        for (const pair of cookies) document.cookie = pair.split("=")[0] + "=; Path=/; Max-Age=0";
        const coming = shelf[wanted.name] ?? { storage: {}, cookies: [] };
        for (const [key, value] of Object.entries(coming.storage)) localStorage.setItem(key, value);
        for (const pair of coming.cookies) document.cookie = pair + "; Path=/; SameSite=Lax; Max-Age=3888000";
      }
      localStorage.setItem(SHELF, JSON.stringify(shelf));
      localStorage.setItem("simulator_person", wanted.name);
      location.replace(wanted.to);
    }
  </script>`;
  return htmlDocument(
    { title: `Becoming ${titleOf(name)}`, styles: [] },
    html`<body>
      <p>Opening the shop as ${titleOf(name)}…</p>
      ${script}
    </body>`,
  );
}
