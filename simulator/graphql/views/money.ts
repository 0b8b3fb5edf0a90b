import { printDecimal } from "../../world/money.ts";
import type { Shop } from "../../world/types.ts";
import type { View } from "../call.ts";

/** `MoneyV2`, as "90.0". */
export function money(shop: Shop, minor: bigint): View {
  return { __typename: "MoneyV2", amount: printDecimal(minor, shop.currency), currencyCode: shop.currency };
}

/** `MoneyBag`: the simulator's shops sell in one currency. */
export function moneyBag(shop: Shop, minor: bigint): View {
  return { shopMoney: money(shop, minor), presentmentMoney: money(shop, minor) };
}

/** `DateTime`: seconds, UTC. */
export function dateTime(instant: Date | null): string | null {
  return instant === null ? null : `${instant.toISOString().slice(0, 19)}Z`;
}
