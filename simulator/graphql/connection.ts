import { GraphQLError } from "graphql";
import type { View } from "./call.ts";

export type PageArgs = {
  readonly first?: number | null | undefined;
  readonly last?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly before?: string | null | undefined;
  readonly reverse?: boolean | null | undefined;
};

const PAGE_MAX = 250;

/**
 * Pages through `items` (already in the asked order) as Shopify's connections do. Throws what Shopify answers when
 * neither `first` nor `last` is given or a page is over 250.
 */
export function connection<Item>(
  items: readonly Item[],
  args: PageArgs,
  describe: { readonly key: (item: Item) => string; readonly view: (item: Item) => unknown },
): View {
  const { first, last, after, before, reverse } = args;
  if (first == null && last == null)
    throw new GraphQLError("you must provide one of first or last", { extensions: { code: "BAD_REQUEST" } });
  if ((first ?? last ?? 0) > PAGE_MAX)
    throw new GraphQLError(`first must be less than or equal to ${PAGE_MAX}`, { extensions: { code: "BAD_REQUEST" } });
  const ordered = reverse === true ? items.toReversed() : items;
  const from = after == null ? 0 : position(ordered, after, describe.key) + 1;
  const to = before == null ? ordered.length : position(ordered, before, describe.key);
  const range = ordered.slice(from, to);
  const page = first != null ? range.slice(0, first) : range.slice(Math.max(range.length - (last ?? 0), 0));
  const start = first != null ? from : from + range.length - page.length;
  const edges = page.map((item) => ({ cursor: encodeCursor(describe.key(item)), node: describe.view(item) }));
  return {
    edges,
    nodes: edges.map((edge) => edge.node),
    pageInfo: {
      hasNextPage: start + page.length < ordered.length,
      hasPreviousPage: start > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

function encodeCursor(key: string): string {
  return Buffer.from(JSON.stringify({ last_id: key })).toString("base64");
}

function position<Item>(items: readonly Item[], cursor: string, key: (item: Item) => string): number {
  const index = items.findIndex((item) => encodeCursor(key(item)) === cursor);
  if (index < 0)
    throw new GraphQLError("Invalid cursor for current pagination sort.", { extensions: { code: "BAD_REQUEST" } });
  return index;
}
