import { printMinor } from "../../world/money.ts";
import type { Address, Shop } from "../../world/types.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Prints a time as the REST-shaped payloads do: seconds, with the offset of the shop's time zone. */
export function shopTime(shop: Shop, instant: Date): string {
  const { ms, text } = offsetOf(shop.ianaTimezone, instant);
  return `${new Date(instant.getTime() + ms).toISOString().slice(0, "2026-01-01T00:00:00".length)}${text}`;
}

type Offset = { readonly ms: number; readonly text: string };

/** Zones change their offset on a quarter of an hour, if at all. */
const QUARTER_MS = 15 * 60_000;
const OFFSETS_KEPT_MAX = 10_000;
const offsets = new Map<string, Offset>();
const zones = new Map<string, Intl.DateTimeFormat>();

/** Asking for a zone's offset costs as much as all else about a payload, and the answer hardly ever changes. */
function offsetOf(timeZone: string, instant: Date): Offset {
  const key = `${timeZone} ${Math.floor(instant.getTime() / QUARTER_MS)}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const zone = zones.get(timeZone) ?? new Intl.DateTimeFormat("en-GB", { timeZone, timeZoneName: "longOffset" });
  zones.set(timeZone, zone);
  const name = zone.formatToParts(instant).find(({ type }) => type === "timeZoneName")?.value ?? "";
  const text = name.replace("GMT", "") || "+00:00";
  const [hours = 0, minutes = 0] = text.slice(1).split(":").map(Number);
  const ms = (text.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000;
  const offset = { ms, text };
  if (offsets.size >= OFFSETS_KEPT_MAX) offsets.clear();
  offsets.set(key, offset);
  return offset;
}

/** `{shop_money, presentment_money}`: the simulator's shops sell in one currency. */
export function priceSet(shop: Shop, minor: bigint): Json {
  const money = { amount: printMinor(minor, shop.currency), currency_code: shop.currency };
  return { shop_money: money, presentment_money: money };
}

/** A value of a protected field: null when the app has no access to protected customer data of the shop. */
export function protectedValue<Value extends Json>(shop: Shop, value: Value): Value | null {
  return shop.protectedFields ? value : null;
}

/** An address as orders carry it, without id. */
export function orderAddress(shop: Shop, address: Address | null): Json {
  if (address === null) return null;
  const guarded = (value: string | null): string | null => protectedValue(shop, value);
  return {
    first_name: guarded(address.firstName),
    address1: guarded(address.address1),
    phone: guarded(address.phone),
    city: address.city,
    zip: guarded(address.zip),
    province: address.province,
    country: countryName(address.countryCode),
    last_name: guarded(address.lastName),
    address2: guarded(address.address2),
    company: address.company,
    latitude: null,
    longitude: null,
    name: guarded(fullName(address)),
    country_code: address.countryCode,
    province_code: address.provinceCode,
  };
}

/** An address as customers carry it. */
export function customerAddress(
  shop: Shop,
  address: Address,
  owner: { readonly customerId: string; readonly isDefault: boolean },
): Json {
  const guarded = (value: string | null): string | null => protectedValue(shop, value);
  return {
    id: Number(address.id),
    customer_id: Number(owner.customerId),
    first_name: guarded(address.firstName),
    last_name: guarded(address.lastName),
    company: address.company,
    address1: guarded(address.address1),
    address2: guarded(address.address2),
    city: address.city,
    province: address.province,
    country: countryName(address.countryCode),
    zip: guarded(address.zip),
    phone: guarded(address.phone),
    name: guarded(fullName(address)),
    province_code: address.provinceCode,
    country_code: address.countryCode,
    country_name: countryName(address.countryCode),
    default: owner.isDefault,
  };
}

const regions = new Intl.DisplayNames("en", { type: "region" });

/** "GB" is "United Kingdom"; null stays null. */
export function countryName(code: string | null): string | null {
  if (code === null) return null;
  return regions.of(code) ?? code;
}

function fullName(address: Address): string {
  return [address.firstName, address.lastName].filter(Boolean).join(" ");
}
