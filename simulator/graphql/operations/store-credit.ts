import { parseGid } from "../../world/ids.ts";
import { parseMinor } from "../../world/money.ts";
import { creditAccount, creditAccountOf } from "../../world/credits.ts";
import type { StoreCreditAccount } from "../../world/credit-types.ts";
import { note } from "../../world/world.ts";
import type { Call, View } from "../call.ts";
import { storeCreditAccountView, storeCreditEntryView } from "../views/store-credit.ts";
import { idOf } from "./ids.ts";
import { refused, userError, type UserError } from "./user-errors.ts";

type CreditArgs = {
  readonly id: string;
  readonly creditInput: {
    readonly creditAmount: { readonly amount: string | number; readonly currencyCode: string };
    readonly expiresAt?: string | null;
  };
};

/** Shopify's own limit on an account, in major units. */
const BALANCE_MAX_MINOR = 1_000_000_000n;
const AMOUNT = ["creditInput", "creditAmount", "amount"] as const;
const CURRENCY = ["creditInput", "creditAmount", "currencyCode"] as const;

/** `storeCreditAccount`. */
export function storeCreditQueries(call: Call): View {
  return {
    storeCreditAccount: ({ id }: { id: string }) => {
      const account = call.shop.storeCreditAccounts.get(idOf(id, "StoreCreditAccount"));
      return account ? storeCreditAccountView(call, account) : null;
    },
  };
}

/** `storeCreditAccountCredit`: it has no idempotency key, so each call credits. */
export function storeCreditMutations(call: Call): View {
  return {
    storeCreditAccountCredit: (args: CreditArgs) => {
      const checked = check(call, args);
      if ("message" in checked) return refused("storeCreditAccountTransaction", checked);
      const { amountMinor, expiresAt } = checked;
      const account = creditAccountOf(call.world, call.shop, checked.customerId);
      const entry = creditAccount(call.world, account, { amountMinor, expiresAt });
      note(call.world, call.shop, "The app credited a customer's store credit");
      return { storeCreditAccountTransaction: storeCreditEntryView(call, account, entry), userErrors: [] };
    },
  };
}

type Checked = {
  readonly customerId: string;
  readonly amountMinor: bigint;
  readonly expiresAt: Date | null;
};

function check(call: Call, { id, creditInput }: CreditArgs): Checked | UserError {
  const { shop, world } = call;
  const { amount, currencyCode } = creditInput.creditAmount;
  const named = parseGid(id);
  const byAccount = named?.kind === "StoreCreditAccount";
  const account = byAccount ? shop.storeCreditAccounts.get(named.id) : accountOf(call, named?.id ?? "");
  if (byAccount && account === undefined)
    return userError(["id"], "ACCOUNT_NOT_FOUND", "The store credit account could not be found");
  const customerId = account?.customerId ?? (named?.kind === "Customer" ? named.id : "");
  if (!shop.customers.has(customerId)) return userError(["id"], "OWNER_NOT_FOUND", "The owner does not exist");
  if (byAccount && account !== undefined && account.currency !== currencyCode) {
    return userError(
      CURRENCY,
      "MISMATCHING_CURRENCY",
      "The currency provided does not match the currency of the store credit account",
    );
  }
  if (currencyCode !== shop.currency)
    return userError(CURRENCY, "UNSUPPORTED_CURRENCY", "The currency provided is not currently supported");
  const amountMinor = parseMinor(String(amount), shop.currency) ?? 0n;
  if (amountMinor <= 0n)
    return userError(
      AMOUNT,
      "NEGATIVE_OR_ZERO_AMOUNT",
      "A positive amount must be used to credit a store credit account",
    );
  if ((account?.balanceMinor ?? 0n) + amountMinor > BALANCE_MAX_MINOR) {
    return userError(
      AMOUNT,
      "CREDIT_LIMIT_EXCEEDED",
      "The operation would cause the account's credit limit to be exceeded",
    );
  }
  const expiresAt = creditInput.expiresAt == null ? null : new Date(creditInput.expiresAt);
  if (expiresAt !== null && expiresAt <= world.clock.now()) {
    return userError(["creditInput", "expiresAt"], "EXPIRES_AT_IN_PAST", "The expiry date must be in the future");
  }
  return { customerId, amountMinor, expiresAt };
}

function accountOf(call: Call, customerId: string): StoreCreditAccount | undefined {
  return [...call.shop.storeCreditAccounts.values()].find((account) => account.customerId === customerId);
}
