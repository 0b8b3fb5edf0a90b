import {
  getNamedType,
  isObjectType,
  isInterfaceType,
  isUnionType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";

type Variables = Readonly<Record<string, unknown>>;
type Walk = {
  readonly schema: GraphQLSchema;
  readonly variables: Variables;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
};

const MUTATION_COST = 10;

/** What a query may cost at most on its own. */
export const QUERY_COST_MAX = 1_000;

/**
 * Estimates a query's cost before it runs, by Shopify's published rules: scalars and enums nothing, an object 1,
 * a mutation 10, a connection its page size times what one entry costs.
 */
export function requestedCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): number {
  const fragments = new Map(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
  );
  const root = schema.getRootType(operation.operation);
  const walk: Walk = { schema, variables, fragments };
  const own = root ? selectionCost(walk, root, operation.selectionSet) : 0;
  return operation.operation === "mutation"
    ? own + (MUTATION_COST - 1) * operation.selectionSet.selections.length
    : own;
}

/** What an answer cost: 1 for each object in it, and 10 for each mutation. */
export function actualCost(data: unknown, operation: OperationDefinitionNode): number {
  const objects = Math.max(countObjects(data) - 1, 0);
  return operation.operation === "mutation"
    ? objects + (MUTATION_COST - 1) * operation.selectionSet.selections.length
    : objects;
}

function selectionCost(walk: Walk, type: GraphQLNamedType, selections: SelectionSetNode): number {
  let cost = 0;
  for (const selection of selections.selections) {
    if (selection.kind === Kind.FIELD) {
      cost += fieldCost(walk, type, selection);
      continue;
    }
    const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? walk.fragments.get(selection.name.value) : selection;
    const condition = fragment?.typeCondition?.name.value;
    const target = condition === undefined ? type : walk.schema.getType(condition);
    if (fragment && target) cost += selectionCost(walk, target, fragment.selectionSet);
  }
  return cost;
}

function fieldCost(walk: Walk, type: GraphQLNamedType, field: FieldNode): number {
  if (!isObjectType(type) && !isInterfaceType(type)) return 0;
  const definition = type.getFields()[field.name.value];
  if (definition === undefined || !field.selectionSet) return 0;
  const named = getNamedType(definition.type);
  if (!isObjectType(named) && !isInterfaceType(named) && !isUnionType(named)) return 0;
  const inner = selectionCost(walk, named, field.selectionSet);
  if (named.name.endsWith("Connection")) return 1 + pageSize(walk, field) * Math.max(inner, 1);
  // Inside a connection the entries are counted by its page size; `edges` and `nodes` are no objects of their own.
  if (field.name.value === "edges" || (field.name.value === "nodes" && type.name.endsWith("Connection")))
    return Math.max(inner, 1);
  if (field.name.value === "pageInfo") return 0;
  return (1 + inner) * listSize(walk, field);
}

function pageSize(walk: Walk, field: FieldNode): number {
  return numberOf(walk, field, "first") ?? numberOf(walk, field, "last") ?? 10;
}

/** `nodes(ids: […])` costs as many objects as it names. */
function listSize(walk: Walk, field: FieldNode): number {
  const value = argument(walk, field, "ids");
  return field.name.value === "nodes" && Array.isArray(value) ? Math.max(value.length, 1) : 1;
}

function numberOf(walk: Walk, field: FieldNode, name: string): number | null {
  const value = argument(walk, field, name);
  return typeof value === "number" ? value : null;
}

function argument(walk: Walk, field: FieldNode, name: string): unknown {
  const node = field.arguments?.find((candidate) => candidate.name.value === name)?.value;
  if (node?.kind === Kind.VARIABLE) return walk.variables[node.name.value];
  if (node?.kind === Kind.INT) return Number(node.value);
  return node?.kind === Kind.LIST ? node.values : undefined;
}

function countObjects(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item: unknown) => sum + countObjects(item), 0);
  if (typeof value !== "object" || value === null) return 0;
  return 1 + countObjects(Object.values(value));
}
