import {
  execute,
  getOperationAST,
  GraphQLError,
  Kind,
  parse,
  validate,
  type DocumentNode,
  type GraphQLFieldResolver,
  type OperationDefinitionNode,
} from "graphql";
import type { Call } from "./call.ts";
import { actualCost, QUERY_COST_MAX, requestedCost } from "./cost.ts";
import { createFieldResolver } from "./field-resolver.ts";
import { shopifyRefusal } from "./refusals.ts";
import { rootView } from "./root.ts";
import { loadAdminSchema } from "./schema.ts";
import type { Throttle } from "./throttle.ts";

export type GraphqlRequest = {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  readonly operationName?: string | null | undefined;
};
export type GraphqlAnswer = {
  readonly data?: unknown;
  readonly errors?: readonly unknown[];
  readonly extensions?: unknown;
};

const COST_DOCUMENTATION = "https://shopify.dev/api/usage/rate-limits";

let resolver: GraphQLFieldResolver<unknown, Call> | null = null;
const checkedDocuments = new Map<string, DocumentNode | readonly GraphQLError[]>();
const CHECKED_DOCUMENTS_MAX = 500;

/** Runs one Admin API request: parse, validate against the published schema, charge, execute. Never rejects for what the app did wrong. */
export async function executeAdmin(call: Call, throttle: Throttle, request: GraphqlRequest): Promise<GraphqlAnswer> {
  const { schema, rules } = loadAdminSchema();
  const document = checked(request.query);
  if (!isDocument(document)) return { errors: document.map(shopifyRefusal) };
  const operation = getOperationAST(document, request.operationName);
  if (!operation)
    return { errors: [{ message: "An operation name is required", extensions: { code: "missingOperationName" } }] };
  const variables = request.variables ?? {};
  const requested = requestedCost(schema, document, operation, variables);
  if (requested > QUERY_COST_MAX) return tooCostly(requested);
  if (!throttle.take(call.shop.domain, requested)) return throttled(requested, throttle, call);
  resolver ??= createFieldResolver(rules);
  const result = await execute({
    schema,
    document,
    operationName: operation.name?.value,
    rootValue: rootView(call, operation.operation),
    contextValue: call,
    variableValues: variables,
    fieldResolver: resolver,
  });
  const refusedVariables = result.data === undefined;
  const actual = refusedVariables ? 0 : actualCost(result.data, operation);
  throttle.giveBack(call.shop.domain, Math.max(requested - actual, 0));
  if (refusedVariables) return { errors: (result.errors ?? []).map(shopifyRefusal) };
  return {
    data: result.data,
    ...(result.errors ? { errors: result.errors.map((error) => error.toJSON()) } : {}),
    extensions: {
      cost: {
        requestedQueryCost: requested,
        actualQueryCost: actual,
        throttleStatus: throttle.status(call.shop.domain),
      },
    },
  };
}

/** The root fields a request asks for, for the labels of faults. Empty when it cannot be parsed. */
export function rootFieldsOf(request: GraphqlRequest): string[] {
  const document = checked(request.query);
  const operation = isDocument(document) ? getOperationAST(document, request.operationName) : null;
  return operation ? fieldNames(operation) : [];
}

function fieldNames(operation: OperationDefinitionNode): string[] {
  return operation.selectionSet.selections.flatMap((selection) =>
    selection.kind === Kind.FIELD ? [selection.name.value] : [],
  );
}

function checked(query: string): DocumentNode | readonly GraphQLError[] {
  const known = checkedDocuments.get(query);
  if (known !== undefined) return known;
  const outcome = parseAndValidate(query);
  if (checkedDocuments.size >= CHECKED_DOCUMENTS_MAX) checkedDocuments.clear();
  checkedDocuments.set(query, outcome);
  return outcome;
}

function parseAndValidate(query: string): DocumentNode | readonly GraphQLError[] {
  try {
    const document = parse(query);
    const errors = validate(loadAdminSchema().schema, document);
    return errors.length > 0 ? errors : document;
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}

function isDocument(value: DocumentNode | readonly GraphQLError[]): value is DocumentNode {
  return "kind" in value;
}

function tooCostly(cost: number): GraphqlAnswer {
  return {
    errors: [
      {
        message: `Query cost is ${cost}, which exceeds the single query max cost limit (${QUERY_COST_MAX}).`,
        extensions: { code: "MAX_COST_EXCEEDED", cost, maxCost: QUERY_COST_MAX, documentation: COST_DOCUMENTATION },
      },
    ],
  };
}

function throttled(requested: number, throttle: Throttle, call: Call): GraphqlAnswer {
  return {
    errors: [{ message: "Throttled", extensions: { code: "THROTTLED", documentation: COST_DOCUMENTATION } }],
    extensions: {
      cost: { requestedQueryCost: requested, actualQueryCost: null, throttleStatus: throttle.status(call.shop.domain) },
    },
  };
}
