import { HOUSE_NUMBER, plainText } from "#app/domain/person/address.ts";
import type { AddressPart, ShopKeyring } from "#app/platform/shop-keyring.ts";
import { textAt } from "./fields.ts";
import type { JsonObject } from "./fields.ts";

export type AddressFacts = {
  readonly addressHash: string | null;
  readonly addressParts: Readonly<Record<string, string>> | null;
};

/**
 * Turns a delivery address into hashes: one of the whole, one of each part, so that a difference in one part still
 * shows what is alike. Absent when street or place is not known (the lower access level hides them).
 */
export function addressFacts(address: JsonObject, keyring: ShopKeyring): AddressFacts {
  const postcode = plainText(textAt(address, "zip")).replaceAll(" ", "");
  const line = plainText(textAt(address, "address1"));
  const unit = plainText(textAt(address, "address2"));
  const place = postcode === "" ? plainText(textAt(address, "city")) : postcode;
  if (line === "" || place === "") return { addressHash: null, addressParts: null };
  const addressParts: Record<string, string> = {};
  const add = (part: AddressPart, value: string): void => {
    if (value !== "") addressParts[part] = keyring.address(part, value);
  };
  const number = HOUSE_NUMBER.exec(line)?.[0] ?? "";
  add("postcode", postcode);
  add("number", number);
  add("street", number === "" ? line : line.replace(HOUSE_NUMBER, "").replaceAll(/ +/g, " ").trim());
  add("name", plainText(textAt(address, "last_name")));
  add("unit", unit);
  const whole = JSON.stringify([plainText(textAt(address, "country_code")), place, line, unit]);
  return { addressHash: keyring.address("whole", whole), addressParts };
}
