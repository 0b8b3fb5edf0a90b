import { expect, test } from "vitest";
import { ALL_SCOPES, buildBench } from "../fidelity/harness.ts";
import { createCustomer } from "../world/customers.ts";
import { gid } from "../world/ids.ts";
import { createCustomerWithPast } from "../world/past-orders.ts";

test("orders older than 60 days are not there without read_all_orders", async () => {
  const { ask, world, shop } = buildBench();
  const dan = createCustomerWithPast(world, shop, { email: "dan@example.com", pastOrders: 3 });
  const query = `query ($id: ID!) { orders(first: 10, query: "updated_at:>='2020-01-01T00:00:00Z'", sortKey: UPDATED_AT) { nodes { id } }
    customer(id: $id) { numberOfOrders lastOrder { name } orders(first: 5) { nodes { id } } } }`;
  const variables = { id: gid("Customer", dan.id) };
  const short = await ask(query, variables);
  expect(short.data).toMatchObject({
    orders: { nodes: [{}] },
    customer: { numberOfOrders: "3", orders: { nodes: [{}] } },
  });
  const long = await ask(query, variables, [...ALL_SCOPES, "read_all_orders"]);
  expect(long.data).toMatchObject({ orders: { nodes: [{}, {}, {}] } });
  world.clock.set(new Date(world.clock.now().getTime() + 90 * 86_400_000));
  expect((await ask(query, variables)).data).toMatchObject({
    orders: { nodes: [] },
    customer: { numberOfOrders: "3", lastOrder: null },
  });
});

test("customers pages to the end without losing or repeating anybody", async () => {
  const { ask, world, shop } = buildBench();
  for (let index = 0; index < 23; index += 1) createCustomer(world, shop, { email: `c${index}@example.com` });
  const seen: string[] = [];
  let after: string | null = null;
  for (let page = 0; page < 10; page += 1) {
    const answer = await ask(
      `query ($after: String) { customers(first: 5, after: $after, sortKey: ID) {
         nodes { id email createdAt defaultEmailAddress { emailAddress } defaultPhoneNumber { phoneNumber } lastOrder { id } }
         pageInfo { hasNextPage endCursor } } }`,
      { after },
    );
    const { customers } = answer.data as {
      customers: { nodes: { id: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
    }; // the shape asked for above
    seen.push(...customers.nodes.map(({ id }) => id));
    after = customers.pageInfo.endCursor;
    if (!customers.pageInfo.hasNextPage) break;
  }
  expect(new Set(seen).size).toBe(23);
  expect(seen).toHaveLength(23);
});
