/** All of these groups must be met, each by any of its scopes. */
export type Requirement = readonly (readonly string[])[];

const SCOPE = /\b(?:read|write)_[a-z_]+\b/g;
const BACKTICKED_SCOPE = /`((?:read|write)_[a-z_]+)`/g;

/**
 * Reads Shopify's sentence about access: "`read_orders` access scope or `read_quick_sale` access scope. Also: …".
 * The scopes of the first part are alternatives; each scope named after "Also:" is needed as well. What it says about
 * the permissions of staff is ignored: the simulator's staff member owns the shop.
 */
export function parseRequirement(text: string | null): Requirement {
  if (text === null) return [];
  const [main = "", ...also] = text.split(/\bAlso:/);
  const alternatives = [...main.matchAll(BACKTICKED_SCOPE)].flatMap((match) => match[1] ?? []);
  const further = also.flatMap((clause) => [...clause.matchAll(SCOPE)].map((match) => [match[0]]));
  return alternatives.length === 0 ? further : [alternatives, ...further];
}

/** Says whether granted scopes meet a requirement; `write_x` includes `read_x`. */
export function isAllowed(granted: readonly string[], requirement: Requirement): boolean {
  return requirement.every((group) => group.some((scope) => holds(granted, scope)));
}

function holds(granted: readonly string[], scope: string): boolean {
  return granted.includes(scope) || (scope.startsWith("read_") && granted.includes(scope.replace("read_", "write_")));
}
