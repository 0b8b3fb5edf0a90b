import { editsBetween } from "./edits.ts";
import { normaliseEmail } from "./email.ts";

const EDITS_MAX = 3;

/**
 * How many letters lie between two mailboxes at one domain.
 *
 * @returns null where they are at two domains, further apart than counts, or no addresses
 */
export function emailEdits(left: string, right: string): number | null {
  const [one, other] = [partsOf(left), partsOf(right)];
  if (one === null || other === null || one.domain !== other.domain) return null;
  return editsBetween(one.mailbox, other.mailbox, EDITS_MAX);
}

/** A name that is shorter says nothing about who chose it. */
const NAME_LENGTH_MIN = 5;

/** Whether two mailboxes at one domain have one name, with one or two digits more behind it on one side. */
export function isNumbered(left: string, right: string): boolean {
  const [one, other] = [partsOf(left), partsOf(right)];
  if (one === null || other === null || one.domain !== other.domain) return false;
  const [short, long] = [one.mailbox, other.mailbox].toSorted((a, b) => a.length - b.length);
  if (short === undefined || long === undefined || short.length < NAME_LENGTH_MIN) return false;
  return long.startsWith(short) && /^\d{1,2}$/.test(long.slice(short.length));
}

function partsOf(address: string): { mailbox: string; domain: string } | null {
  const [mailbox, domain] = normaliseEmail(address)?.split("@") ?? [];
  return mailbox === undefined || domain === undefined ? null : { mailbox, domain };
}
