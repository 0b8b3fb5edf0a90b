import { gid } from "../../world/ids.ts";
import type { GiftCard } from "../../world/credit-types.ts";
import type { Call, View } from "../call.ts";
import { customerView } from "./customer.ts";
import { dateTime, money } from "./money.ts";

/** `GiftCard`. The full code is only told once, by `giftCardCreate`. */
export function giftCardView(call: Call, card: GiftCard): View {
  const lastCharacters = card.code.slice(-4);
  const customer = card.customerId === null ? undefined : call.shop.customers.get(card.customerId);
  return {
    __typename: "GiftCard",
    id: gid("GiftCard", card.id),
    balance: money(call.shop, card.balanceMinor),
    initialValue: money(call.shop, card.initialMinor),
    createdAt: dateTime(card.createdAt),
    updatedAt: dateTime(card.createdAt),
    crossCurrencyRedemptionStrategy: "NONE",
    customer: () => (customer ? customerView(call, customer) : null),
    deactivatedAt: dateTime(card.deactivatedAt),
    enabled: card.deactivatedAt === null,
    isRedeemable: card.deactivatedAt === null && card.balanceMinor > 0n,
    expiresOn: card.expiresOn,
    lastCharacters,
    maskedCode: `•••• •••• •••• ${lastCharacters}`,
    note: card.note,
    order: null,
    lineItem: null,
    recipientAttributes: null,
    templateSuffix: null,
  };
}
