import { gid } from "../../world/ids.ts";
import type { StoreCreditAccount, StoreCreditEntry } from "../../world/credit-types.ts";
import type { Call, View } from "../call.ts";
import { connection, type PageArgs } from "../connection.ts";
import { searchFilter } from "../search.ts";
import { customerView } from "./customer.ts";
import { dateTime, money } from "./money.ts";

/** `StoreCreditAccount`. */
export function storeCreditAccountView(call: Call, account: StoreCreditAccount): View {
  return {
    __typename: "StoreCreditAccount",
    id: gid("StoreCreditAccount", account.id),
    balance: money(call.shop, account.balanceMinor),
    owner: () => {
      const customer = call.shop.customers.get(account.customerId);
      return customer ? customerView(call, customer) : null;
    },
    transactions: (args: PageArgs & { query?: string | null }) => {
      const passes = searchFilter<StoreCreditEntry>(args.query, {
        expires_at: (entry) => entry.expiresAt,
        id: (entry) => Number(entry.id),
        type: (entry) => entry.kind,
      });
      const view = (entry: StoreCreditEntry): View => storeCreditEntryView(call, account, entry);
      return connection(account.entries.filter(passes), args, { key: (entry) => entry.id, view });
    },
  };
}

/** `StoreCreditAccountCreditTransaction` or the debit. */
export function storeCreditEntryView(call: Call, account: StoreCreditAccount, entry: StoreCreditEntry): View {
  const kind = entry.kind === "credit" ? "StoreCreditAccountCreditTransaction" : "StoreCreditAccountDebitTransaction";
  const amountMinor = entry.kind === "credit" ? entry.amountMinor : -entry.amountMinor;
  return {
    __typename: kind,
    id: gid(kind, entry.id),
    account: () => storeCreditAccountView(call, account),
    amount: money(call.shop, amountMinor),
    balanceAfterTransaction: money(call.shop, entry.balanceAfterMinor),
    createdAt: dateTime(entry.createdAt),
    event: "ADJUSTMENT",
    origin: null,
    ...(entry.kind === "credit"
      ? { expiresAt: dateTime(entry.expiresAt), remainingAmount: money(call.shop, entry.amountMinor) }
      : {}),
  };
}
