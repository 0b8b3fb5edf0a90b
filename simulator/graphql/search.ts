import { GraphQLError } from "graphql";

/** How a field of a search is read from an item: text is compared without case, dates and numbers by size. */
export type Searchable<Item> = Readonly<Record<string, (item: Item) => string | number | boolean | Date | null>>;

type Term = { readonly field: string; readonly operator: string; readonly value: string; readonly negated: boolean };

const TERM = /(-|NOT\s+)?(\w+):\s*(>=|<=|>|<|=)?\s*(?:'([^']*)'|"([^"]*)"|([^\s()]+))/g;

/**
 * Makes a test from Shopify's search syntax: `field:value` terms with comparators, joined by spaces, AND or OR.
 * Throws for a field that the simulator cannot search by: silence would look like an empty shop.
 */
export function searchFilter<Item>(
  query: string | null | undefined,
  fields: Searchable<Item>,
): (item: Item) => boolean {
  if (query == null || query.trim() === "") return () => true;
  const alternatives = query.split(/\s+OR\s+/).map((part) => parseTerms(part));
  for (const term of alternatives.flat()) {
    if (!(term.field in fields))
      throw new GraphQLError(`The simulator cannot search by ${term.field}.`, {
        extensions: { code: "NOT_SIMULATED" },
      });
  }
  return (item) => alternatives.some((terms) => terms.every((term) => meets(fields[term.field]?.(item) ?? null, term)));
}

function parseTerms(part: string): Term[] {
  const terms = [...part.matchAll(TERM)].map((match) => ({
    negated: match[1] !== undefined,
    field: match[2] ?? "",
    operator: match[3] ?? "=",
    value: match[4] ?? match[5] ?? match[6] ?? "",
  }));
  const rest = part.replaceAll(TERM, "").replaceAll(/\bAND\b|[()\s]/g, "");
  if (rest !== "")
    throw new GraphQLError(`The simulator cannot search for "${part.trim()}".`, {
      extensions: { code: "NOT_SIMULATED" },
    });
  return terms;
}

function meets(actual: string | number | boolean | Date | null, term: Term): boolean {
  return compare(actual, term) !== term.negated;
}

function compare(actual: string | number | boolean | Date | null, { operator, value }: Term): boolean {
  if (actual === null) return false;
  if (typeof actual === "string" || typeof actual === "boolean") return matchesText(String(actual), value);
  const left = typeof actual === "number" ? actual : actual.getTime();
  const right = typeof actual === "number" ? Number(value) : Date.parse(value);
  switch (operator) {
    case ">=":
      return left >= right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    case "<":
      return left < right;
    default:
      return left === right;
  }
}

function matchesText(actual: string, wanted: string): boolean {
  if (wanted === "*") return true;
  const [left, right] = [actual.toLowerCase(), wanted.toLowerCase()];
  return right.endsWith("*") ? left.startsWith(right.slice(0, -1)) : left === right;
}
