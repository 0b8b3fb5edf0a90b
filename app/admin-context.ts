import type { Goodword } from "./goodword.ts";

/**
 * What every loader and action of the admin is handed. `embedding.shop` is filled by `authenticateAdmin` once a
 * session token has proved the shop: the document's frame policy reads it, so that a page nobody authenticated
 * can be framed by nobody.
 */
export type AdminLoadContext = {
  readonly goodword: Goodword;
  readonly embedding: { shop: string | null };
};
