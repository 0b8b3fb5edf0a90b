import { getNamedType, GraphQLError, isNonNullType, type GraphQLFieldResolver } from "graphql";
import { isAllowed } from "./access.ts";
import type { Call } from "./call.ts";
import type { AccessRule } from "./schema.ts";

const INPUT_ARRAY_MAX = 250;
const ACCESS_DOCUMENTATION = "https://shopify.dev/api/usage/access-scopes";

/**
 * Makes the resolver of every field: checks scopes of the field and of its type, blanks protected fields, refuses
 * over-long input arrays, and refuses loudly what the simulator does not know.
 */
export function createFieldResolver(rules: ReadonlyMap<string, AccessRule>): GraphQLFieldResolver<unknown, Call> {
  return (source, args: Record<string, unknown>, call, info) => {
    const key = `${info.parentType.name}.${info.fieldName}`;
    const rule = rules.get(key);
    const denied = [rule, rules.get(getNamedType(info.returnType).name)].find(
      (candidate) => candidate !== undefined && !isAllowed(call.scopes, candidate.requirement),
    );
    if (denied) throw accessDenied(info.fieldName, denied.text);
    if (rule?.isProtected === true && !call.shop.protectedFields) {
      if (!isNonNullType(info.returnType)) return null;
      throw new GraphQLError(`This app is not approved to use the ${info.fieldName} field.`, {
        extensions: { code: "ACCESS_DENIED" },
      });
    }
    refuseLongArrays(args, [info.fieldName]);
    if (!isView(source) || !(info.fieldName in source)) {
      throw new GraphQLError(`The simulator does not know ${key}.`, { extensions: { code: "NOT_SIMULATED" } });
    }
    const value = source[info.fieldName];
    // Views hold functions of (args) for what depends on arguments; the type of an unknown function cannot be narrowed further.
    return typeof value === "function" ? (value as (args: unknown) => unknown)(args) : value;
  };
}

function accessDenied(field: string, requirement: string | null): GraphQLError {
  return new GraphQLError(
    `Access denied for ${field} field.${requirement === null ? "" : ` Required access: ${requirement}`}`,
    {
      extensions: { code: "ACCESS_DENIED", documentation: ACCESS_DOCUMENTATION, requiredAccess: requirement },
    },
  );
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
