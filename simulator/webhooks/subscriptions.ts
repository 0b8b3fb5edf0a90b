import type { Subscription } from "../app-config.ts";
import type { Json } from "./payloads/parts.ts";

/** Cuts a payload down to a subscription's `include_fields` (top-level names, or paths with dots). */
export function includeFields(
  payload: Readonly<Record<string, Json>>,
  fields: readonly string[] | null,
): Record<string, Json> {
  if (fields === null) return { ...payload };
  const kept: Record<string, Json> = {};
  for (const [key, inner] of wantedBy(fields)) {
    const value = payload[key];
    if (value !== undefined) kept[key] = inner === null ? value : includeInner(value, inner);
  }
  return kept;
}

type Wanted = ReadonlyMap<string, readonly string[] | null>;
const wanted = new WeakMap<readonly string[], Wanted>();

/** By top-level name what is wanted of it: null is all. Read once for each subscription, not for each payload. */
function wantedBy(fields: readonly string[]): Wanted {
  const known = wanted.get(fields);
  if (known !== undefined) return known;
  const read = new Map<string, string[] | null>();
  for (const field of fields) {
    const dot = field.indexOf(".");
    const key = dot < 0 ? field : field.slice(0, dot);
    const inner = read.get(key);
    if (dot < 0) read.set(key, null);
    else if (inner !== null) read.set(key, [...(inner ?? []), field.slice(dot + 1)]);
  }
  wanted.set(fields, read);
  return read;
}

/** Says whether a payload passes a subscription's `filter`: `field:value` terms joined by AND and OR. */
export function passesFilter(payload: Readonly<Record<string, Json>>, filter: Subscription["filter"]): boolean {
  if (filter === null) return true;
  return filter
    .split(/\s+OR\s+/)
    .some((all) => all.split(/\s+AND\s+/).every((term) => passesTerm(payload, term.trim())));
}

function includeInner(value: Json, fields: readonly string[]): Json {
  if (Array.isArray(value)) return value.map((item: Json) => includeInner(item, fields));
  return isRecord(value) ? includeFields(value, fields) : value;
}

function passesTerm(payload: Readonly<Record<string, Json>>, term: string): boolean {
  const colon = term.indexOf(":");
  const path = term.slice(0, colon).split(".");
  let value: Json | undefined = payload;
  for (const key of path) value = isRecord(value) ? value[key] : undefined;
  const text = typeof value === "object" ? "" : String(value ?? "");
  return text === term.slice(colon + 1).replace(/^"(.*)"$/, "$1");
}

function isRecord(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
