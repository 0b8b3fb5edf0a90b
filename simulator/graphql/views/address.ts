import { gid } from "../../world/ids.ts";
import type { Address } from "../../world/types.ts";
import { countryName } from "../../webhooks/payloads/parts.ts";
import type { View } from "../call.ts";

/** `MailingAddress`. */
export function addressView(address: Address | null): View | null {
  if (address === null) return null;
  const name = [address.firstName, address.lastName].filter(Boolean).join(" ");
  const lines = [address.address1, address.address2, [address.zip, address.city].filter(Boolean).join(" ")];
  return {
    __typename: "MailingAddress",
    id: `${gid("MailingAddress", address.id)}?model_name=CustomerAddress`,
    firstName: address.firstName,
    lastName: address.lastName,
    name,
    company: address.company,
    address1: address.address1,
    address2: address.address2,
    city: address.city,
    province: address.province,
    provinceCode: address.provinceCode,
    zip: address.zip,
    country: countryName(address.countryCode),
    countryCodeV2: address.countryCode,
    phone: address.phone,
    latitude: null,
    longitude: null,
    coordinatesValidated: false,
    formatted: [...lines, countryName(address.countryCode)].filter(Boolean),
    formattedArea: [address.city, countryName(address.countryCode)].filter(Boolean).join(", "),
  };
}
