/** An object of a payload. Its fields are read by the functions here, which take nothing on trust. */
export type JsonObject = Readonly<Record<string, unknown>>;

const WORD_CHARACTERS_MAX = 255;
const NO_FIELDS: JsonObject = {};
const NONE: readonly JsonObject[] = [];

/** Whether a value is an object with named fields: no list, no null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A field that the payload itself has: a name that objects inherit is none. */
function field(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** The object in a field; one without fields when there is none. */
export function objectAt(object: JsonObject, name: string): JsonObject {
  const value = field(object, name);
  return isObject(value) ? value : NO_FIELDS;
}

/** The objects of the list in a field, at most so many; other members are left out. */
export function objectsAt(object: JsonObject, name: string, countMax: number): readonly JsonObject[] {
  const value = field(object, name);
  return Array.isArray(value) && value.length > 0 ? value.slice(0, countMax).filter(isObject) : NONE;
}

/** The members of the list in a field, at most so many. */
export function listAt(object: JsonObject, name: string, countMax: number): readonly unknown[] {
  const value = field(object, name);
  return Array.isArray(value) ? value.slice(0, countMax) : [];
}

/** The text of a field without half characters, which could not be stored; null when it is none, empty or too long. */
export function textAt(object: JsonObject, name: string, charactersMax = WORD_CHARACTERS_MAX): string | null {
  const value = field(object, name);
  return typeof value === "string" && value !== "" && value.length <= charactersMax ? value.toWellFormed() : null;
}

/** A whole number in text: sent as a number, as digits, or beyond 2^53 (where `readBody` kept the digits). */
export function idOf(value: unknown): string | null {
  if (typeof value === "number") return Number.isSafeInteger(value) && value >= 0 ? String(value) : null;
  return typeof value === "string" && /^\d{1,20}$/.test(value) ? value : null;
}

/** The id in a field, as `idOf` reads it. */
export function idAt(object: JsonObject, name: string): string | null {
  return idOf(field(object, name));
}

/** The number at the end of a global id such as `gid://shopify/Order/1`. */
export function gidAt(object: JsonObject, name: string): string | null {
  return /^gid:\/\/shopify\/[A-Za-z]+\/(\d{1,20})$/.exec(textAt(object, name) ?? "")?.[1] ?? null;
}

/** The id of a resource: its own number, or the one of its global id. */
export function resourceId(object: JsonObject): string | null {
  return idAt(object, "id") ?? gidAt(object, "admin_graphql_api_id");
}

/** A time of the payload in epoch milliseconds; null when it is none. */
export function timeAt(object: JsonObject, name: string): number | null {
  const text = textAt(object, name);
  const ms = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}

/** Whether a field says `true`. */
export function isTrueAt(object: JsonObject, name: string): boolean {
  return field(object, name) === true;
}

/** An amount as decimal text; older payloads print some as numbers. */
export function decimalAt(object: JsonObject, name: string): string | null {
  const value = field(object, name);
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && /^-?\d{1,30}(?:\.\d{1,10})?$/.test(text) ? text : null;
}

/** A currency of a field: three capitals. */
export function currencyAt(object: JsonObject, name: string): string | null {
  const text = textAt(object, name);
  return text !== null && /^[A-Z]{3}$/.test(text) ? text : null;
}
