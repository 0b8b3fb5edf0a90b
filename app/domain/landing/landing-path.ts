const PATH_LENGTH_MAX = 512;

/** What a path and its query may be made of; everything that could name another host, scheme or user is left out. */
const ALLOWED = /^\/[A-Za-z0-9\-._~!$&()*+,;=/?%]*$/;
/** Slash, backslash, at, percent (a second layer of escapes), control characters. */
const SMUGGLED_ESCAPE = /%(?:2f|5c|40|25|[01][0-9a-f]|7f)/i;
const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?:[/?]|$)/i;
/** A link that lands on the link route again would never arrive; the landing page beside it is one to land on. */
const OWN_ROUTE = /^\/a\/r(?!\/join(?:\?|$))(?:[/?]|$)/i;

/**
 * Reads where a tapped link leads: an absolute path on the shop's own host, with a query if need be.
 * Returns the path unchanged, or null for anything a browser might take to another site
 * (`//evil`, `/\evil`, `https:evil`, escapes of these, `@`, control characters) and for the link route itself.
 */
export function parseLandingPath(text: string): string | null {
  if (text.length > PATH_LENGTH_MAX || !ALLOWED.test(text) || text.includes("//")) return null;
  if (SMUGGLED_ESCAPE.test(text) || DOT_SEGMENT.test(text) || OWN_ROUTE.test(text)) return null;
  return areEscapesReadable(text) ? text : null;
}

/** Whether every escape is whole and together they are UTF-8; anything else is read differently by every reader. */
function areEscapesReadable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false; // the platform's only way of saying so
  }
}
