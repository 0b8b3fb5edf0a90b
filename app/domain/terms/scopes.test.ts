import { expect, test } from "vitest";
import { missingScopes, scopesOfKind } from "./scopes.ts";

test("discounts need nothing beyond what every shop allows", () => {
  for (const kind of ["fixed", "percent", "free_shipping"] as const) expect(scopesOfKind(kind)).toEqual([]);
});

test.each([
  [null, ["write_store_credit_account_transactions", "read_store_credit_accounts"]],
  ["", ["write_store_credit_account_transactions", "read_store_credit_accounts"]],
  ["write_discounts, write_store_credit_account_transactions", ["read_store_credit_accounts"]],
  ["write_store_credit_account_transactions,read_store_credit_accounts", []],
  ["write_store_credit_account_transactions, write_store_credit_accounts", []],
  ["read_store_credit_account_transactions, read_store_credit_accounts", ["write_store_credit_account_transactions"]],
])("of a shop that granted %j, store credit still needs %j", (granted, missing) => {
  expect(missingScopes("store_credit", granted)).toEqual(missing);
});
