import {
  getNamedType,
  GraphQLError,
  isNonNullType,
  responsePathAsArray,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
} from "graphql";
import { isAllowed } from "./access.ts";
import type { Call } from "./call.ts";
import type { AccessRule } from "./schema.ts";

const INPUT_ARRAY_MAX = 250;
const ACCESS_DOCUMENTATION = "https://shopify.dev/api/usage/access-scopes";

/** What there is to know of a field beside its value, worked out at its first use. */
type Field = {
  readonly key: string;
  /** Rules of the field, of what it gives and of what it is a field of. */
  readonly rules: readonly AccessRule[];
  readonly isProtected: boolean;
};

/**
 * Makes the resolver of every field: checks scopes of the field and of its type, blanks protected fields, refuses
 * over-long input arrays, and refuses loudly what the simulator does not know.
 */
export function createFieldResolver(rules: ReadonlyMap<string, AccessRule>): GraphQLFieldResolver<unknown, Call> {
  const fieldOf = createFields(rules);
  const deniedTo = createDenials();
  return (source, args: Record<string, unknown>, call, info) => {
    const field = fieldOf(info);
    const denied = deniedTo(call.scopes, field);
    if (denied !== null) throw accessDenied(info, denied.text);
    if (field.isProtected && !call.shop.protectedFields) {
      if (!isNonNullType(info.returnType)) return null;
      throw refusal(info, `This app is not approved to use the ${info.fieldName} field.`, { code: "ACCESS_DENIED" });
    }
    refuseLongArrays(args, [info.fieldName]);
    if (!isView(source) || !(info.fieldName in source))
      throw refusal(info, `The simulator does not know ${field.key}.`, { code: "NOT_SIMULATED" });
    const value = source[info.fieldName];
    // Views hold functions of (args) for what depends on arguments; the type of an unknown function cannot be narrowed further.
    return typeof value === "function" ? (value as (args: unknown) => unknown)(args) : value;
  };
}

function createFields(rules: ReadonlyMap<string, AccessRule>): (info: GraphQLResolveInfo) => Field {
  const types = new Map<GraphQLObjectType, Map<string, Field>>();
  return ({ parentType, fieldName, returnType }) => {
    const fields = types.get(parentType) ?? new Map<string, Field>();
    types.set(parentType, fields);
    const known = fields.get(fieldName);
    if (known !== undefined) return known;
    const key = `${parentType.name}.${fieldName}`;
    const own = rules.get(key);
    const ofType = rules.get(getNamedType(returnType).name);
    // Whoever comes by `node` gets a type whose name the field before did not say.
    const ofParent = rules.get(parentType.name);
    const field = {
      key,
      rules: [own, ofType, ofParent].filter((rule) => rule !== undefined),
      isProtected: own?.isProtected === true,
    };
    fields.set(fieldName, field);
    return field;
  };
}

/** Says which rule keeps holders of these scopes from a field, if any. A token's scopes never change. */
function createDenials(): (scopes: readonly string[], field: Field) => AccessRule | null {
  const known = new WeakMap<readonly string[], Map<Field, AccessRule | null>>();
  return (scopes, field) => {
    const denials = known.get(scopes) ?? new Map<Field, AccessRule | null>();
    known.set(scopes, denials);
    let denied = denials.get(field);
    if (denied === undefined) {
      denied = field.rules.find(({ requirement }) => !isAllowed(scopes, requirement)) ?? null;
      denials.set(field, denied);
    }
    return denied;
  };
}

function accessDenied(info: GraphQLResolveInfo, requirement: string | null): GraphQLError {
  const needed = requirement === null ? "" : ` Required access: ${requirement}`;
  const extensions = { code: "ACCESS_DENIED", documentation: ACCESS_DOCUMENTATION, requiredAccess: requirement };
  return refusal(info, `Access denied for ${info.fieldName} field.${needed}`, extensions);
}

/** An answer, not a fault of ours: it says where in the query it arose, and nobody reads a stack of calls. */
function refusal(info: GraphQLResolveInfo, message: string, extensions: Record<string, unknown>): GraphQLError {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return new GraphQLError(message, { nodes: info.fieldNodes, path: responsePathAsArray(info.path), extensions });
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function refuseLongArrays(value: unknown, path: readonly string[]): void {
  if (Array.isArray(value) && value.length > INPUT_ARRAY_MAX) {
    throw new GraphQLError(
      `The input array size of ${value.length} is greater than the maximum allowed of ${INPUT_ARRAY_MAX}.`,
      {
        extensions: { code: "MAX_INPUT_SIZE_EXCEEDED", path },
      },
    );
  }
  if (isView(value)) for (const [key, inner] of Object.entries(value)) refuseLongArrays(inner, [...path, key]);
}

function isView(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
