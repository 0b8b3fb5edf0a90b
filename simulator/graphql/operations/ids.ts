import { GraphQLError } from "graphql";
import { parseGid } from "../../world/ids.ts";

/** The number in a global id of the wanted kind; "" when it is of another kind. Throws for what is no global id, as Shopify does. */
export function idOf(text: string, ...kinds: readonly string[]): string {
  const parsed = parseGid(text);
  if (parsed === null)
    throw new GraphQLError(`Invalid global id '${text}'`, { extensions: { code: "RESOURCE_NOT_FOUND" } });
  return kinds.includes(parsed.kind) ? parsed.id : "";
}
