import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Simulator } from "../context.ts";
import { FAULT_KINDS } from "../faults/faults.ts";
import { requireShop } from "../world/world.ts";
import { read } from "./input.ts";

const share = z.number().min(0).max(1);
const FaultBody = z.object({
  route: z.string().default("*"),
  kind: z.enum(FAULT_KINDS),
  rate: share.optional(),
  count: z.number().int().positive().optional(),
  ms: z.number().int().nonnegative().optional(),
});
const HabitsBody = z.object({
  shop: z.string().optional(),
  copies: z.number().int().min(1).max(100).optional(),
  freshIds: share.optional(),
  reorder: z.boolean().optional(),
  delayMs: z.number().int().nonnegative().optional(),
  drop: share.optional(),
});

/** `/_control/faults` and `/_control/webhooks`: what goes wrong from now on. */
export function registerFaultControl(server: FastifyInstance, { world, faults, dispatcher }: Simulator): void {
  server.get("/_control/faults", () => faults.list());

  server.get("/_control/faults/struck", () => faults.struck());

  server.post("/_control/faults", (request) => {
    faults.add(read(FaultBody, request.body));
    return faults.list();
  });

  server.delete("/_control/faults", () => {
    faults.clear();
    return faults.list();
  });

  server.get("/_control/webhooks/acks", () => ({ byMs: dispatcher.ackTimes() }));

  server.post("/_control/webhooks", (request) => {
    const { shop, ...habits } = read(HabitsBody, request.body);
    return dispatcher.habits.set(shop === undefined ? null : requireShop(world, shop).domain, habits);
  });
}
