import { expect, test } from "vitest";
import { buildBench, eventually } from "../fidelity/harness.ts";
import { createCustomer } from "../world/customers.ts";
import { gid } from "../world/ids.ts";

const CREATE = /* GraphQL */ `
  mutation Create($input: DiscountCodeBasicInput!) {
    discountCodeBasicCreate(basicCodeDiscount: $input) {
      codeDiscountNode {
        id
      }
      userErrors {
        field
        code
        message
        extraInfo
      }
    }
  }
`;
const BULK_ADD = /* GraphQL */ `
  mutation Add($id: ID!, $codes: [DiscountRedeemCodeInput!]!) {
    discountRedeemCodeBulkAdd(discountId: $id, codes: $codes) {
      bulkCreation {
        id
        done
        codesCount
      }
      userErrors {
        field
        code
        message
      }
    }
  }
`;
const POLL = /* GraphQL */ `
  query Poll($id: ID!) {
    discountRedeemCodeBulkCreation(id: $id) {
      done
      importedCount
      failedCount
      codes(first: 10) {
        nodes {
          code
          errors {
            code
            message
          }
          discountRedeemCode {
            id
          }
        }
      }
    }
  }
`;
const CREDIT = /* GraphQL */ `
  mutation Credit($id: ID!, $input: StoreCreditAccountCreditInput!) {
    storeCreditAccountCredit(id: $id, creditInput: $input) {
      storeCreditAccountTransaction {
        id
        amount {
          amount
        }
        account {
          id
        }
      }
      userErrors {
        field
        code
        message
      }
    }
  }
`;
const GIFT = /* GraphQL */ `
  mutation Gift($input: GiftCardCreateInput!) {
    giftCardCreate(input: $input) {
      giftCard {
        id
        lastCharacters
      }
      giftCardCode
      userErrors {
        field
        code
        message
      }
    }
  }
`;

function discount(code: string | null) {
  return {
    title: "Ten off",
    code,
    startsAt: "2026-11-20T00:00:00Z",
    customerGets: { value: { percentage: 0.1 }, items: { all: true } },
  };
}

async function buildDiscounted() {
  const bench = buildBench();
  const created = await bench.ask(CREATE, { input: discount("FIRST") });
  expect(created).toMatchObject({ data: { discountCodeBasicCreate: { userErrors: [] } } });
  const [first] = bench.shop.discounts.values();
  return { ...bench, discountId: gid("DiscountCodeNode", first?.id ?? "") };
}

test.each([
  ["taken, whatever its case", "first", "TAKEN", "Code must be unique. Please try a different code."],
  ["blank", "  ", "BLANK", "Code can't be blank"],
  ["missing", null, "BLANK", "Code can't be blank"],
  ["empty", "", "TOO_SHORT", "Code is too short (minimum is 1 character)"],
  ["over 255 characters", "A".repeat(256), "TOO_LONG", "Code is too long (maximum is 255 characters)"],
  ["of two lines", "A\nB", "INVALID", "Code cannot contain newline characters."],
])("discountCodeBasicCreate refuses a code that is %s", async (_what, code, errorCode, message) => {
  const { ask } = await buildDiscounted();
  const answer = await ask(CREATE, { input: discount(code) });
  const error = { field: ["basicCodeDiscount", "code"], code: errorCode, message, extraInfo: null };
  expect(answer.data).toEqual({ discountCodeBasicCreate: { codeDiscountNode: null, userErrors: [error] } });
});

test("discountRedeemCodeBulkAdd answers before it is done, and tells a duplicate later, without a code", async () => {
  const { ask, discountId, shop } = await buildDiscounted();
  const codes = [{ code: "FIRST" }, { code: "SECOND" }];
  const added = await ask(BULK_ADD, { id: discountId, codes });
  expect(added.data).toMatchObject({
    discountRedeemCodeBulkAdd: { bulkCreation: { done: false, codesCount: 2 }, userErrors: [] },
  });
  const [creation] = shop.bulkCreations.values();
  const id = gid("DiscountRedeemCodeBulkCreation", creation?.id ?? "");
  expect((await ask(POLL, { id })).data).toMatchObject({
    discountRedeemCodeBulkCreation: { done: false, importedCount: 0 },
  });
  await eventually(() => creation?.done === true);
  expect((await ask(POLL, { id })).data).toMatchObject({
    discountRedeemCodeBulkCreation: {
      done: true,
      importedCount: 1,
      failedCount: 1,
      codes: {
        nodes: [
          {
            code: "FIRST",
            discountRedeemCode: null,
            errors: [{ code: null, message: "must be unique. Please try a different code." }],
          },
          { code: "SECOND", errors: [] },
        ],
      },
    },
  });
});

test("discountRedeemCodeBulkAdd refuses an empty list, an unknown discount and more than 250 codes", async () => {
  const { ask, discountId } = await buildDiscounted();
  const empty = await ask(BULK_ADD, { id: discountId, codes: [] });
  expect(empty.data).toMatchObject({
    discountRedeemCodeBulkAdd: { userErrors: [{ code: "BLANK", message: "Codes can't be blank" }] },
  });
  const unknown = await ask(BULK_ADD, { id: "gid://shopify/DiscountCodeNode/1", codes: [{ code: "X" }] });
  expect(unknown.data).toMatchObject({
    discountRedeemCodeBulkAdd: { userErrors: [{ code: "INVALID", message: "Code discount does not exist." }] },
  });
  const codes = Array.from({ length: 251 }, (_, index) => ({ code: `C${index}` }));
  const many = await ask(BULK_ADD, { id: discountId, codes });
  expect(many).toMatchObject({ errors: [{ extensions: { code: "MAX_INPUT_SIZE_EXCEEDED" } }] });
});

test("discountCodeDeactivate ends the discount now", async () => {
  const { ask, discountId } = await buildDiscounted();
  const answer = await ask(
    `mutation ($id: ID!) { discountCodeDeactivate(id: $id) {
       codeDiscountNode { codeDiscount { ... on DiscountCodeBasic { status endsAt } } } userErrors { code } } }`,
    { id: discountId },
  );
  expect(answer.data).toMatchObject({
    discountCodeDeactivate: {
      codeDiscountNode: { codeDiscount: { status: "EXPIRED", endsAt: expect.any(String) } },
      userErrors: [],
    },
  });
});

const GOOD_CREDIT = { creditAmount: { amount: "10.00", currencyCode: "GBP" } };
const AMOUNT = ["creditInput", "creditAmount", "amount"];

test.each([
  ["an unknown owner", "gid://shopify/Customer/1", GOOD_CREDIT, "OWNER_NOT_FOUND", ["id"]],
  ["an unknown account", "gid://shopify/StoreCreditAccount/1", GOOD_CREDIT, "ACCOUNT_NOT_FOUND", ["id"]],
  ["nothing", null, { creditAmount: { amount: "0", currencyCode: "GBP" } }, "NEGATIVE_OR_ZERO_AMOUNT", AMOUNT],
  [
    "less than nothing",
    null,
    { creditAmount: { amount: "-5", currencyCode: "GBP" } },
    "NEGATIVE_OR_ZERO_AMOUNT",
    AMOUNT,
  ],
  [
    "another currency",
    null,
    { creditAmount: { amount: "5", currencyCode: "EUR" } },
    "UNSUPPORTED_CURRENCY",
    ["creditInput", "creditAmount", "currencyCode"],
  ],
  [
    "a past expiry",
    null,
    { ...GOOD_CREDIT, expiresAt: "2020-01-01T00:00:00Z" },
    "EXPIRES_AT_IN_PAST",
    ["creditInput", "expiresAt"],
  ],
  ["too much", null, { creditAmount: { amount: "99999999", currencyCode: "GBP" } }, "CREDIT_LIMIT_EXCEEDED", AMOUNT],
])("storeCreditAccountCredit refuses %s", async (_what, id, input, code, field) => {
  const { ask, world, shop } = buildBench();
  const customer = createCustomer(world, shop, { email: "mara@example.com" });
  const answer = await ask(CREDIT, { id: id ?? gid("Customer", customer.id), input });
  expect(answer.data).toMatchObject({
    storeCreditAccountCredit: { storeCreditAccountTransaction: null, userErrors: [{ code, field }] },
  });
  expect(shop.storeCreditAccounts.size).toBe(0);
});

test("storeCreditAccountCredit pays each time it is called, for it has no idempotency key", async () => {
  const { ask, world, shop } = buildBench();
  const customer = createCustomer(world, shop, { email: "mara@example.com" });
  const variables = { id: gid("Customer", customer.id), input: { ...GOOD_CREDIT, expiresAt: "2030-01-01T00:00:07Z" } };
  await ask(CREDIT, variables);
  await ask(CREDIT, variables);
  const [account] = shop.storeCreditAccounts.values();
  expect(account?.balanceMinor).toBe(2_000n);
  const read = await ask(
    `query ($id: ID!) { storeCreditAccount(id: $id) { balance { amount } transactions(first: 5) { nodes {
       createdAt event amount { amount } ... on StoreCreditAccountCreditTransaction { expiresAt } } } } }`,
    { id: gid("StoreCreditAccount", account?.id ?? "") },
  );
  expect(read).toMatchObject({
    data: {
      storeCreditAccount: {
        balance: { amount: "20.0" },
        transactions: { nodes: [{ event: "ADJUSTMENT", expiresAt: "2030-01-01T00:00:07Z" }, {}] },
      },
    },
  });
});

const GIFT_INPUT = { initialAmount: { amount: "10.00", currencyCode: "GBP" }, code: "abcd2345" };

test.each([
  ["taken", { code: "TAKEN234" }, null, "Code has already been taken", ["input", "code"]],
  ["too short", { code: "abc" }, "TOO_SHORT", "Code is too short (minimum is 8 characters)", ["input", "code"]],
  ["too long", { code: "a".repeat(21) }, "TOO_LONG", "Code is too long (maximum is 20 characters)", ["input", "code"]],
  [
    "of odd characters",
    { code: "abcd-2345" },
    "INVALID",
    "Code can only contain letters(a-z) and numbers(0-9)",
    ["input", "code"],
  ],
  [
    "of nobody",
    { customerId: "gid://shopify/Customer/1" },
    "CUSTOMER_NOT_FOUND",
    "The customer could not be found.",
    ["input", "customerId"],
  ],
  [
    "worth nothing",
    { initialAmount: { amount: "0", currencyCode: "GBP" } },
    "GREATER_THAN",
    "must be greater than 0",
    ["input", "initialAmount"],
  ],
  [
    "worth too much",
    { initialAmount: { amount: "3000.01", currencyCode: "GBP" } },
    "GIFT_CARD_LIMIT_EXCEEDED",
    "can't exceed 3000.00 GBP",
    ["input", "initialAmount"],
  ],
])("giftCardCreate refuses a card that is %s", async (_what, change, code, message, field) => {
  const { ask } = buildBench();
  await ask(GIFT, { input: { ...GIFT_INPUT, code: "taken234" } });
  const answer = await ask(GIFT, { input: { ...GIFT_INPUT, ...change } });
  expect(answer.data).toEqual({
    giftCardCreate: { giftCard: null, giftCardCode: null, userErrors: [{ field, code, message }] },
  });
});
