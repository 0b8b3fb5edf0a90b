import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Simulator } from "../context.ts";
import { extensionToken } from "../oauth/session-tokens.ts";
import {
  deleteCustomer,
  enableCustomer,
  mergeCustomers,
  redactCustomer,
  requestCustomerData,
  requireCustomer,
  updateCustomer,
} from "../world/customers.ts";
import { createCustomerWithPast } from "../world/past-orders.ts";
import type { Customer } from "../world/types.ts";
import { requireShop } from "../world/world.ts";
import {
  AddressBody,
  bothIds,
  CardBody,
  customerAnywhere,
  IdParams,
  Instant,
  lastPart,
  MANY_MAX,
  read,
} from "./input.ts";

const Details = z.object({
  email: z.string().nullish(),
  phone: z.string().nullish(),
  firstName: z.string().nullish(),
  lastName: z.string().nullish(),
  locale: z.string().optional(),
  note: z.string().optional(),
  smsConsent: z.boolean().optional(),
  addresses: z.array(AddressBody).optional(),
  silent: z.boolean().optional(),
});
const NewCustomer = Details.extend({
  shop: z.string(),
  createdAt: Instant.optional(),
  pastOrders: z.number().int().min(0).max(100).default(0),
  /** What past orders were paid with. */
  card: CardBody.optional(),
});

/** Many people at once: what a proof of a hundred thousand would else spend on its own calls. */
const Many = z.object({ customers: z.array(NewCustomer).max(MANY_MAX), sessionTokens: z.boolean().default(false) });

/** `/_control/customers`: create, update, enable, merge, redact, data request, delete, session token. */
export function registerCustomerControl(server: FastifyInstance, { world }: Simulator): void {
  server.post("/_control/customers", (request) => {
    const { shop, ...details } = read(NewCustomer, request.body);
    return customerAnswer(createCustomerWithPast(world, requireShop(world, shop), details));
  });

  server.post("/_control/customers/many", (request) => {
    const { customers, sessionTokens } = read(Many, request.body);
    const created = customers.map(({ shop: domain, ...details }) => {
      const shop = requireShop(world, domain);
      const customer = createCustomerWithPast(world, shop, details);
      const token = sessionTokens ? { sessionToken: extensionToken(world, shop, { customer }) } : {};
      return { ...customerAnswer(customer), ...token };
    });
    return { customers: created };
  });

  server.get("/_control/customers/:id", (request) => {
    return customerAnswer(customerAnywhere(world, read(IdParams, request.params).id).customer);
  });

  server.post("/_control/customers/:id/update", (request) => {
    const { shop, customer } = customerAnywhere(world, read(IdParams, request.params).id);
    updateCustomer(world, shop, customer, read(Details, request.body));
    return customerAnswer(customer);
  });

  server.post("/_control/customers/:id/enable", (request) => {
    const { shop, customer } = customerAnywhere(world, read(IdParams, request.params).id);
    enableCustomer(world, shop, customer);
    return customerAnswer(customer);
  });

  server.post("/_control/customers/:id/merge", (request) => {
    const { shop, customer } = customerAnywhere(world, read(IdParams, request.params).id);
    const { into } = read(z.object({ into: z.string() }), request.body);
    const kept = requireCustomer(shop, lastPart(into));
    mergeCustomers(world, shop, kept, customer);
    return customerAnswer(kept);
  });

  server.post("/_control/customers/:id/redact", (request) => {
    const { shop, customer } = customerAnywhere(world, read(IdParams, request.params).id);
    redactCustomer(world, shop, customer);
    return customerAnswer(customer);
  });

  server.post("/_control/customers/:id/data_request", (request) => {
    const { shop, customer } = customerAnywhere(world, read(IdParams, request.params).id);
    requestCustomerData(world, shop, customer);
    return customerAnswer(customer);
  });

  server.post("/_control/customers/:id/delete", (request) => {
    const { shop, customer } = customerAnywhere(world, read(IdParams, request.params).id);
    deleteCustomer(world, shop, customer);
    return customerAnswer(customer);
  });

  server.post("/_control/customers/:id/session-token", (request) => {
    const { shop, customer } = customerAnywhere(world, read(IdParams, request.params).id);
    const { audience } = read(z.object({ audience: z.string().optional() }), request.body);
    return { token: extensionToken(world, shop, { customer, audience }) };
  });
}

function customerAnswer(customer: Customer) {
  return {
    ...bothIds("Customer", customer.id),
    email: customer.email,
    phone: customer.phone,
    firstName: customer.firstName,
    lastName: customer.lastName,
    state: customer.state,
    createdAt: customer.createdAt.toISOString(),
  };
}
