import { expect, test } from "vitest";
import { ALL_SCOPES, buildBench } from "../fidelity/harness.ts";
import { createCustomer } from "../world/customers.ts";
import { isAllowed, parseRequirement } from "./access.ts";
import { createThrottle } from "./throttle.ts";

test("a field that Shopify does not have is refused in Shopify's words, and nothing is charged", async () => {
  const { ask } = buildBench();
  const answer = await ask("{ shop { name nickname } }");
  expect(answer).toMatchObject({
    errors: [
      {
        message: "Field 'nickname' doesn't exist on type 'Shop'",
        extensions: { code: "undefinedField", typeName: "Shop", fieldName: "nickname" },
      },
    ],
  });
  expect(answer.data).toBeUndefined();
});

test("an argument that Shopify does not have is refused", async () => {
  const { ask } = buildBench();
  expect(await ask("{ orders(first: 1, limit: 2) { nodes { id } } }")).toMatchObject({
    errors: [{ extensions: { code: "argumentNotAccepted" } }],
  });
});

test("a wrong variable is refused before anything is done", async () => {
  const { ask, shop } = buildBench();
  const query = `mutation ($input: DiscountCodeBasicInput!) { discountCodeBasicCreate(basicCodeDiscount: $input) { userErrors { code } } }`;
  const answer = await ask(query, { input: { title: "T", code: "C", startsAt: "yesterday" } });
  expect(answer).toMatchObject({ errors: [{ extensions: { code: "INVALID_VARIABLE" } }] });
  expect(shop.discounts.size).toBe(0);
});

test("a field of the schema that the simulator does not know says so instead of answering null", async () => {
  const { ask } = buildBench();
  expect(await ask("{ productsCount { count } }", {}, ["read_products"])).toMatchObject({
    errors: [{ extensions: { code: "NOT_SIMULATED" } }],
  });
});

test.each([
  ["{ orders(first: 1) { nodes { id } } }", "read_orders"],
  ["{ customers(first: 1) { nodes { id } } }", "read_customers"],
  ['{ codeDiscountNodeByCode(code: "A") { id } }', "write_discounts"],
  ["{ giftCards(first: 1) { nodes { id } } }", "write_gift_cards"],
  ['mutation { webPixelCreate(webPixel: { settings: "{}" }) { userErrors { code } } }', "write_pixels"],
  ['mutation { webPixelCreate(webPixel: { settings: "{}" }) { userErrors { code } } }', "read_customer_events"],
])("%s is denied without %s", async (query, scope) => {
  const { ask } = buildBench();
  const without = ALL_SCOPES.filter((granted) => granted !== scope);
  expect(await ask(query, {}, without)).toMatchObject({ errors: [{ extensions: { code: "ACCESS_DENIED" } }] });
  expect((await ask(query)).errors).toBeUndefined();
});

test("parseRequirement reads alternatives and what is needed besides", () => {
  expect(parseRequirement("`read_orders` access scope or `read_quick_sale` access scope.")).toEqual([
    ["read_orders", "read_quick_sale"],
  ]);
  const both = parseRequirement(
    "`write_pixels` access scope. Also: The app requires read_customer_events access scope and user access permission.",
  );
  expect(both).toEqual([["write_pixels"], ["read_customer_events"]]);
  expect(parseRequirement(null)).toEqual([]);
  expect(isAllowed(["write_orders"], [["read_orders"]])).toBe(true);
  expect(isAllowed(["read_orders"], [["write_orders"]])).toBe(false);
});

test("every answer tells its cost and what is left", async () => {
  const { ask } = buildBench();
  const answer = await ask("{ customers(first: 50) { nodes { id lastOrder { id } } } }");
  expect(answer.extensions).toMatchObject({
    cost: {
      requestedQueryCost: 51,
      actualQueryCost: expect.any(Number),
      throttleStatus: { maximumAvailable: 2000, restoreRate: 100 },
    },
  });
});

test("a query over 1,000 points is refused on its own", async () => {
  const { ask } = buildBench();
  const answer = await ask("{ orders(first: 250) { nodes { lineItems(first: 10) { nodes { id } } } } }");
  expect(answer).toMatchObject({ errors: [{ extensions: { code: "MAX_COST_EXCEEDED", maxCost: 1000 } }] });
});

test("an empty bucket answers THROTTLED with no actual cost, and fills again with time", async () => {
  let nowMs = 0;
  const throttle = createThrottle({ maximumAvailable: 60, restoreRate: 10 }, () => nowMs);
  const { ask, world, shop } = buildBench({ throttle });
  const query = "{ customers(first: 50) { nodes { id tags } } }";
  for (let index = 0; index < 60; index += 1) createCustomer(world, shop, {});
  expect((await ask(query)).errors).toBeUndefined();
  const second = await ask(query);
  expect(second).toMatchObject({
    errors: [{ message: "Throttled", extensions: { code: "THROTTLED" } }],
    extensions: {
      cost: {
        requestedQueryCost: 51,
        actualQueryCost: null,
        throttleStatus: { maximumAvailable: 60, restoreRate: 10 },
      },
    },
  });
  nowMs += 6_000;
  expect((await ask(query)).errors).toBeUndefined();
  world.clock.stop();
});

test("a connection without a page size is refused", async () => {
  const { ask } = buildBench();
  expect(await ask("{ orders { nodes { id } } }")).toMatchObject({
    errors: [{ message: "you must provide one of first or last" }],
  });
});

test("a search by a field that the simulator cannot search by is refused", async () => {
  const { ask } = buildBench();
  expect(await ask('{ orders(first: 1, query: "shoe_size:44") { nodes { id } } }')).toMatchObject({
    errors: [{ extensions: { code: "NOT_SIMULATED" } }],
  });
});

test("a shop on another plan has another bucket, and the others keep theirs", () => {
  const throttle = createThrottle({ maximumAvailable: 60, restoreRate: 10 }, () => 0);
  throttle.resize("plus", { maximumAvailable: 600, restoreRate: 100 });
  expect(throttle.take("plus", 500)).toBe(true);
  expect(throttle.status("plus")).toEqual({ maximumAvailable: 600, restoreRate: 100, currentlyAvailable: 100 });
  expect(throttle.take("small", 61)).toBe(false);
});
