import type { InboxFacts } from "./inbox-facts.ts";
import { personKeysOf } from "./plain-order.ts";

type Event = { readonly facts: InboxFacts };

/** Names a set of keys: equal for two events that tell the same of their person. */
export function signatureOf(facts: InboxFacts): string {
  return personKeysOf(facts).join(" ");
}

/**
 * @returns the keyed hashes that events share with another one without sharing all of them: one person or two, that takes a
 * closer look
 */
export function keysSharedInPart(events: readonly Event[]): ReadonlySet<string> {
  const signatures = new Map<string, string>();
  const shared = new Set<string>();
  for (const { facts } of events) {
    const signature = signatureOf(facts);
    for (const hash of personKeysOf(facts)) {
      const other = signatures.get(hash) ?? signature;
      signatures.set(hash, other);
      if (other === signature) continue;
      for (const part of `${other} ${signature}`.split(" ")) shared.add(part);
    }
  }
  return shared;
}
