import type { PersonFacts } from "#app/domain/event/person-facts.ts";
import { domainOfMailbox, normaliseEmail } from "#app/domain/person/email.ts";
import { normalisePhone } from "#app/domain/person/phone.ts";
import { sealProfile } from "#app/platform/sealed-profile.ts";
import type { Profile } from "#app/platform/sealed-profile.ts";
import type { ExtractContext } from "./context.ts";
import { idAt, objectAt, resourceId, textAt, timeAt } from "./fields.ts";
import type { JsonObject } from "./fields.ts";

/** A customer as a payload shows one; any field may be missing, and all personal ones at the lower access level. */
export type SeenPerson = Profile & { readonly customerId: string | null };

/**
 * Turns a person into keyed hashes and a sealed profile; nothing in clear is left. Null when there is neither an id nor
 * an address to know the person by.
 */
export function personFacts(
  person: SeenPerson,
  { shop, keys }: Pick<ExtractContext, "shop" | "keys">,
): PersonFacts | null {
  const email = person.email === null ? null : normaliseEmail(person.email);
  const phone = person.phone === null ? null : normalisePhone(person.phone);
  if (person.customerId === null && email === null && phone === null) return null;
  const { firstName, locale } = person;
  const hasProfile = person.email !== null || person.phone !== null || firstName !== null;
  return {
    customerId: person.customerId,
    customerHash: person.customerId === null ? null : shop.keyring.person("customer", person.customerId),
    emailHash: email === null ? null : shop.keyring.person("email", email),
    phoneHash: phone === null ? null : shop.keyring.person("phone", phone),
    profileSealed: hasProfile
      ? sealProfile(keys, shop.shopId, { firstName, email: person.email, phone: person.phone, locale })
      : null,
    emailDomain: email === null ? null : domainOfMailbox(email),
  };
}

/** Reads the customer object that customer topics are and order topics contain. */
export function seenCustomer(customer: JsonObject): SeenPerson {
  return {
    customerId: resourceId(customer),
    firstName: textAt(customer, "first_name") ?? textAt(objectAt(customer, "default_address"), "first_name"),
    email: textAt(customer, "email"),
    phone: textAt(customer, "phone"),
    locale: textAt(customer, "locale"),
  };
}

/** Reads `customer: {id, email, phone}` of the compliance topics; their profile is never kept. */
export function seenForPrivacy(customer: JsonObject): SeenPerson {
  return {
    customerId: idAt(customer, "id"),
    firstName: null,
    email: textAt(customer, "email"),
    phone: textAt(customer, "phone"),
    locale: null,
  };
}

/** When a resource was last touched, or made. */
export function touchedAt(object: JsonObject): number | null {
  return timeAt(object, "updated_at") ?? timeAt(object, "created_at");
}
