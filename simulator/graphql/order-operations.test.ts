import { expect, test } from "vitest";
import { buildBench, eventually } from "../fidelity/harness.ts";
import { createCustomer } from "../world/customers.ts";
import { createDiscount } from "../world/discounts.ts";
import { gid } from "../world/ids.ts";
import { disputeOrder, refundOrder } from "../world/order-life.ts";
import { placeOrder } from "../world/orders.ts";

const ORDER = /* GraphQL */ `
  query Order($id: ID!) {
    order(id: $id) {
      id
      name
      createdAt
      processedAt
      updatedAt
      cancelledAt
      test
      fullyPaid
      displayFinancialStatus
      sourceName
      clientIp
      email
      phone
      currencyCode
      taxesIncluded
      discountCodes
      checkoutToken
      cartToken
      customAttributes {
        key
        value
      }
      customer {
        id
        numberOfOrders
        email
      }
      totalPriceSet {
        shopMoney {
          amount
          currencyCode
        }
      }
      currentTotalPriceSet {
        shopMoney {
          amount
        }
      }
      totalRefundedSet {
        shopMoney {
          amount
        }
      }
      shippingAddress {
        name
        address1
        city
        zip
        countryCodeV2
      }
      billingAddress {
        zip
      }
      risk {
        recommendation
        assessments {
          riskLevel
        }
      }
      disputes {
        status
        initiatedAs
      }
      discountApplications(first: 5) {
        nodes {
          ... on DiscountCodeApplication {
            code
            value {
              __typename
              ... on PricingPercentageValue {
                percentage
              }
            }
          }
        }
      }
      lineItems(first: 10) {
        nodes {
          id
          title
          quantity
          currentQuantity
          isGiftCard
          discountedTotalSet(withCodeDiscounts: true) {
            shopMoney {
              amount
            }
          }
          taxLines {
            rate
            priceSet {
              shopMoney {
                amount
              }
            }
          }
          discountAllocations {
            allocatedAmountSet {
              shopMoney {
                amount
              }
            }
          }
        }
        pageInfo {
          hasNextPage
        }
      }
      transactions(first: 5) {
        kind
        status
        gateway
        processedAt
        amountSet {
          shopMoney {
            amount
          }
        }
        paymentDetails {
          __typename
          ... on CardPaymentDetails {
            bin
            number
            company
            expirationMonth
            expirationYear
            name
          }
        }
      }
      refunds {
        id
        totalRefundedSet {
          shopMoney {
            amount
          }
        }
        refundLineItems(first: 5) {
          nodes {
            quantity
          }
        }
      }
      customerJourneySummary {
        ready
        lastVisit {
          landingPage
        }
      }
    }
  }
`;

const ADDRESS = {
  firstName: "Mara",
  lastName: "Lind",
  address1: "1 Mill Lane",
  city: "York",
  zip: "YO1 7HH",
  countryCode: "GB",
};

function buildOrder() {
  const bench = buildBench();
  const { world, shop } = bench;
  const customer = createCustomer(world, shop, {
    email: "mara@example.com",
    firstName: "Mara",
    lastName: "Lind",
    addresses: [ADDRESS],
  });
  createDiscount(world, shop, { title: "Ten", code: "TEN", value: { kind: "percentage", basisPoints: 1000 } });
  const { order } = placeOrder(world, shop, {
    customerId: customer.id,
    lines: [{ title: "Box", priceMinor: 6000n, quantity: 2 }],
    discountCodes: ["TEN"],
    noteAttributes: [{ name: "_ref_token", value: "abc" }],
    landingSite: "/?ref_token=abc",
    clientIp: "203.0.113.5",
    card: { bin: "411111", last4: "1111", expMonth: 4, expYear: 2029, brand: "Visa", name: "Mara Lind" },
    paid: true,
  });
  return { ...bench, customer, order, id: gid("Order", order.id) };
}

test("order answers what attribution, the screen and the payout read", async () => {
  const { ask, world, shop, order, id, customer } = buildOrder();
  const first = await ask(ORDER, { id });
  expect(first.errors).toBeUndefined();
  expect(first.data).toMatchObject({
    order: {
      displayFinancialStatus: "PAID",
      email: "mara@example.com",
      customAttributes: [{ key: "_ref_token", value: "abc" }],
      customer: { id: gid("Customer", customer.id) },
      totalPriceSet: { shopMoney: { amount: "108.0", currencyCode: "GBP" } },
      risk: { recommendation: "NONE", assessments: [{ riskLevel: "PENDING" }] },
      lineItems: {
        nodes: [
          {
            discountedTotalSet: { shopMoney: { amount: "108.0" } },
            taxLines: [{ rate: 0.2, priceSet: { shopMoney: { amount: "18.0" } } }],
          },
        ],
      },
      transactions: [
        {
          kind: "SALE",
          status: "SUCCESS",
          paymentDetails: { bin: "411111", number: "•••• •••• •••• 1111", company: "Visa", expirationYear: 2029 },
        },
      ],
      customerJourneySummary: { ready: false, lastVisit: null },
    },
  });
  await eventually(() => order.risk === "ACCEPT");
  refundOrder(world, shop, order, { amountMinor: 800n });
  disputeOrder(world, shop, order);
  world.clock.set(new Date(world.clock.now().getTime() + 120_000));
  expect((await ask(ORDER, { id })).data).toMatchObject({
    order: {
      displayFinancialStatus: "PARTIALLY_REFUNDED",
      currentTotalPriceSet: { shopMoney: { amount: "100.0" } },
      risk: { recommendation: "ACCEPT" },
      disputes: [{ status: "NEEDS_RESPONSE", initiatedAs: "CHARGEBACK" }],
      refunds: [{ totalRefundedSet: { shopMoney: { amount: "8.0" } }, refundLineItems: { nodes: [] } }],
      customer: { numberOfOrders: "1" },
      customerJourneySummary: { ready: true, lastVisit: { landingPage: expect.stringContaining("ref_token=abc") } },
    },
  });
});

test("nodes answers orders, customers and discounts in the order asked, null for what is not there", async () => {
  const { ask, shop, id, customer } = buildOrder();
  const [discount] = shop.discounts.values();
  const ids = [id, "gid://shopify/Order/1", gid("Customer", customer.id), gid("DiscountCodeNode", discount?.id ?? "")];
  const answer = await ask(`query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Order { name } } }`, { ids });
  expect(answer.data).toEqual({ nodes: [{ id, name: "#1001" }, null, { id: ids[2] }, { id: ids[3] }] });
});

test("numberOfOrders trails behind by as much as the shop says", async () => {
  const { ask, shop, customer } = buildOrder();
  const count = (): Promise<unknown> =>
    ask(`query ($id: ID!) { customer(id: $id) { numberOfOrders } }`, { id: gid("Customer", customer.id) });
  shop.orderCountLagMs = 60_000;
  expect(await count()).toMatchObject({ data: { customer: { numberOfOrders: "0" } } });
  shop.orderCountLagMs = 0;
  expect(await count()).toMatchObject({ data: { customer: { numberOfOrders: "1" } } });
});

test("protected fields are null where the shop's access level says so, in every nullable place", async () => {
  const { ask, shop, id } = buildOrder();
  shop.protectedFields = false;
  const answer = await ask(ORDER, { id });
  expect(answer.errors).toBeUndefined();
  expect(answer.data).toMatchObject({
    order: {
      email: null,
      phone: null,
      customer: { email: null },
      shippingAddress: { name: null, address1: null, zip: null, city: "York", countryCodeV2: "GB" },
      transactions: [{ paymentDetails: { bin: "411111", name: null } }],
    },
  });
});
