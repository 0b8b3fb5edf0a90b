import type { FastifyInstance } from "fastify";
import type { Simulator } from "../context.ts";
import { registerClickControl } from "./click.ts";
import { registerClockControl } from "./clock.ts";
import { registerCreditControl } from "./credits.ts";
import { registerCustomerControl } from "./customers.ts";
import { registerDiscountControl } from "./discounts.ts";
import { registerFaultControl } from "./faults.ts";
import { registerOrderControl } from "./orders.ts";
import { registerShopControl } from "./shops.ts";
import { registerWitness } from "./witness.ts";

/** Serves the control API under `/_control`: what outside checks and journeys drive the world with. */
export function registerControl(server: FastifyInstance, simulator: Simulator): void {
  registerShopControl(server, simulator);
  registerCustomerControl(server, simulator);
  registerOrderControl(server, simulator);
  registerDiscountControl(server, simulator);
  registerCreditControl(server, simulator);
  registerClickControl(server, simulator);
  registerFaultControl(server, simulator);
  registerClockControl(server, simulator);
  registerWitness(server, simulator);
}
