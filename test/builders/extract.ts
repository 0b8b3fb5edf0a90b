import { randomBytes } from "node:crypto";
import { expect } from "vitest";
import { extractFacts } from "#app/edge/extract/extract-facts.ts";
import type { Extracted } from "#app/edge/extract/extract-facts.ts";
import { parseInboxFacts } from "#app/domain/event/inbox-facts.ts";
import { createKeys } from "#app/platform/keys.ts";
import { buildKnownShop } from "#test/builders/door.ts";

export const KEYS = createKeys({ dataKey: randomBytes(32) });
export const SHOP = buildKnownShop();
export const HAPPENED_AT = new Date("2026-11-20T12:00:00Z");

/** What the door makes of a payload that came to the built shop. */
export function extract(topic: string, payload: unknown): Extracted {
  return extractFacts(payload, { topic, shop: SHOP, keys: KEYS, happenedAt: HAPPENED_AT });
}

/** The facts of a payload, after the worker has read them back out of the database. */
export function factsOf(topic: string, payload: unknown): Record<string, unknown> {
  const extracted = extract(topic, payload);
  if (extracted.outcome !== "facts") throw new Error(`no facts: ${extracted.outcome}`);
  const read = parseInboxFacts(JSON.parse(JSON.stringify(extracted.facts)));
  expect(read).toEqual(extracted.facts);
  return { ...extracted.facts };
}
