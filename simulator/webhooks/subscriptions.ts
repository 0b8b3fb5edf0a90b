import type { Subscription } from "../app-config.ts";
import type { Json } from "./payloads/parts.ts";

/** Cuts a payload down to a subscription's `include_fields` (top-level names, or paths with dots). */
export function includeFields(
  payload: Readonly<Record<string, Json>>,
  fields: readonly string[] | null,
): Record<string, Json> {
  if (fields === null) return { ...payload };
  const kept: Record<string, Json> = {};
  for (const [key, value] of Object.entries(payload)) {
    const inner = fields.filter((field) => field.startsWith(`${key}.`)).map((field) => field.slice(key.length + 1));
    if (fields.includes(key)) kept[key] = value;
    else if (inner.length > 0) kept[key] = includeInner(value, inner);
  }
  return kept;
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
