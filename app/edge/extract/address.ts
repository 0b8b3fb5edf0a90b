import type { AddressPart, ShopKeyring } from "#app/platform/shop-keyring.ts";
import { textAt } from "./fields.ts";
import type { JsonObject } from "./fields.ts";

export type AddressFacts = {
  readonly addressHash: string | null;
  readonly addressParts: Readonly<Record<string, string>> | null;
};

const HOUSE_NUMBER = /(?<!\S)\d+\p{L}?(?!\S)/u;

/**
 * Turns a delivery address into hashes: one of the whole, one of each part, so that a difference in one part still
 * shows what is alike. Absent when street or place is not known (the lower access level hides them).
 */
export function addressFacts(address: JsonObject, keyring: ShopKeyring): AddressFacts {
  const postcode = plain(textAt(address, "zip")).replaceAll(" ", "");
  const line = plain(textAt(address, "address1"));
  const unit = plain(textAt(address, "address2"));
  const place = postcode === "" ? plain(textAt(address, "city")) : postcode;
  if (line === "" || place === "") return { addressHash: null, addressParts: null };
  const parts: [AddressPart, string][] = [
    ["postcode", postcode],
    ["number", HOUSE_NUMBER.exec(line)?.[0] ?? ""],
    ["street", line.replace(HOUSE_NUMBER, "").replaceAll(/ +/g, " ").trim()],
    ["name", plain(textAt(address, "last_name"))],
    ["unit", unit],
  ];
  const known = parts.filter(([, value]) => value !== "");
  return {
    addressHash: keyring.address("whole", JSON.stringify([plain(textAt(address, "country_code")), place, line, unit])),
    addressParts: Object.fromEntries(known.map(([part, value]) => [part, keyring.address(part, value)])),
  };
}

/** Lower case, without accents, punctuation or doubled spaces: the form in which addresses are compared. */
function plain(text: string | null): string {
  if (text === null) return "";
  // Most addresses are plain ASCII, where the costly steps change nothing.
  if (/^[\x20-\x7e]*$/.test(text))
    return text
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, " ")
      .trim();
  const letters = text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
  return letters.replaceAll(/[^\p{L}\p{N}]+/gu, " ").trim();
}
