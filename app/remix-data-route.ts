type RouteEntry = { readonly id: string; readonly parentId?: string; readonly path?: string; readonly index?: boolean };

/**
 * The id of the route that answers form posts to `pathname`, or null when none does.
 * A form post that asks for JSON is turned into Remix's own data request with it, so that `Accept: application/json`
 * is answered with the action's outcome instead of a page.
 */
export function dataRouteFor(
  routes: Readonly<Record<string, RouteEntry | undefined>>,
  pathname: string,
): string | null {
  const wanted = segmentsOf(pathname);
  let best: { id: string; literal: number } | null = null;
  for (const route of Object.values(routes)) {
    if (route === undefined) continue;
    const pattern = patternOf(routes, route);
    if (pattern.length === 0 || pattern.length !== wanted.length) continue;
    if (!pattern.every((part, index) => part.startsWith(":") || part === wanted[index])) continue;
    const literal = pattern.filter((part) => !part.startsWith(":")).length + (route.index === true ? 0.5 : 0);
    if (best === null || literal > best.literal) best = { id: route.id, literal };
  }
  return best === null ? null : best.id;
}

function patternOf(routes: Readonly<Record<string, RouteEntry | undefined>>, route: RouteEntry): string[] {
  const parent = route.parentId === undefined ? undefined : routes[route.parentId];
  return [...(parent === undefined ? [] : patternOf(routes, parent)), ...segmentsOf(route.path ?? "")];
}

function segmentsOf(path: string): string[] {
  return path.split("/").filter((part) => part !== "");
}
