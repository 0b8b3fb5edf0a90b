import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import {
  buildClientSchema,
  GraphQLError,
  GraphQLScalarType,
  valueFromASTUntyped,
  type GraphQLSchema,
  type IntrospectionQuery,
} from "graphql";
import { parseRequirement, type Requirement } from "./access.ts";

/** What Shopify publishes about a type or a field beside its shape. */
export type AccessRule = {
  readonly text: string | null;
  readonly requirement: Requirement;
  readonly isProtected: boolean;
};

export type AdminSchema = {
  readonly schema: GraphQLSchema;
  /** By "Type" and "Type.field"; what is not listed is open to every app. */
  readonly rules: ReadonlyMap<string, AccessRule>;
};

export const SCHEMA_PATH = resolve(import.meta.dirname, "../schema/admin-2026-10.json.gz");

type PublishedField = {
  readonly name: string;
  readonly requiredAccess?: string | null;
  readonly isProtected?: boolean;
};
type PublishedType = PublishedField & { readonly fields: readonly PublishedField[] | null };
type Published = {
  readonly data: IntrospectionQuery & { readonly __schema: { readonly types: readonly PublishedType[] } };
};

let loaded: AdminSchema | null = null;

/** Loads Shopify's published Admin schema 2026-10, once for the process (about 0.2 s). */
export function loadAdminSchema(): AdminSchema {
  if (loaded !== null) return loaded;
  // The file is Shopify's own introspection result, checked in beside its sha256; its shape is known.
  const published = JSON.parse(gunzipSync(readFileSync(SCHEMA_PATH)).toString("utf8")) as Published;
  const rules = new Map<string, AccessRule>();
  for (const type of published.data.__schema.types) {
    addRule(rules, type.name, type);
    for (const field of type.fields ?? []) addRule(rules, `${type.name}.${field.name}`, field);
  }
  const schema = buildClientSchema(published.data, { assumeValid: true });
  tightenScalars(schema);
  loaded = { schema, rules };
  return loaded;
}

function addRule(rules: Map<string, AccessRule>, key: string, published: PublishedField): void {
  const text = published.requiredAccess ?? null;
  const isProtected = published.isProtected === true;
  if (text === null && !isProtected) return;
  rules.set(key, { text, requirement: parseRequirement(text), isProtected });
}

const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** An introspection result carries no code for the scalars; these are the ones whose form matters here. */
function tightenScalars(schema: GraphQLSchema): void {
  accept(
    schema,
    "DateTime",
    (value) => typeof value === "string" && DATE_TIME.test(value) && !Number.isNaN(Date.parse(value)),
  );
  accept(schema, "Date", (value) => typeof value === "string" && DATE.test(value));
  accept(schema, "Decimal", (value) => /^-?\d+(\.\d+)?$/.test(String(value)));
}

function accept(schema: GraphQLSchema, name: string, isValid: (value: unknown) => boolean): void {
  const scalar = schema.getType(name);
  if (!(scalar instanceof GraphQLScalarType)) throw new Error(`The published schema has no scalar ${name}.`);
  const parse = (value: unknown): unknown => {
    if (!isValid(value)) throw new GraphQLError(`invalid ${name.toLowerCase()} '${String(value)}'`);
    return value;
  };
  scalar.parseValue = parse;
  scalar.parseLiteral = (node, variables) => parse(valueFromASTUntyped(node, variables));
}
