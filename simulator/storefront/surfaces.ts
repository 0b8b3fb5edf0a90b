import type { IncomingMessage } from "node:http";
import type { FastifyInstance } from "fastify";
import { shopByHost, type World } from "../world/world.ts";

/** Which part of Shopify a host name stands for: a shop's own pages, the merchant's admin, or the simulator itself. */
export type Surface = "storefront" | "admin" | "plain";

/** Tells the surface by the Host header. */
export function surfaceOf(world: World, host: string | undefined): Surface {
  const wanted = (host ?? "").toLowerCase();
  if (shopByHost(world, wanted) !== null) return "storefront";
  return wanted.split(":")[0] === "admin.localhost" ? "admin" : "plain";
}

/**
 * Lets routes be bound to a surface: `constraints: { surface: "storefront" }`. The framework's own host constraint
 * needs the hosts at start, and shops come and go. Safe to call more than once.
 */
export function addSurfaces(app: FastifyInstance, world: World): void {
  if (app.hasConstraintStrategy("surface")) return;
  app.addConstraintStrategy({
    name: "surface",
    storage: () => {
      const handlers = new Map<unknown, unknown>();
      return {
        get: (surface: unknown) => handlers.get(surface) ?? null,
        set: (surface: unknown, handler: unknown) => void handlers.set(surface, handler),
      };
    },
    deriveConstraint: (request: IncomingMessage) => surfaceOf(world, request.headers.host),
    validate: () => true,
    mustMatchWhenDerived: false,
  } as Parameters<FastifyInstance["addConstraintStrategy"]>[0]); // the published type asks for node's raw handler types
}
