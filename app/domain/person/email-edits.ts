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

function partsOf(address: string): { mailbox: string; domain: string } | null {
  const [mailbox, domain] = normaliseEmail(address)?.split("@") ?? [];
  return mailbox === undefined || domain === undefined ? null : { mailbox, domain };
}
