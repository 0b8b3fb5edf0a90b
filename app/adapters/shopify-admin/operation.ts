import type { z } from "zod";

/**
 * One GraphQL operation of the app: its text, what its answer must look like, and the most it may cost.
 * The text is a literal, so that a test can hold it to Shopify's published schema.
 */
export type AdminOperation<Data> = {
  readonly name: string;
  /** A change is never sent twice on a guess. */
  readonly kind: "read" | "change";
  readonly document: string;
  readonly data: z.ZodType<Data>;
  /** Points of Shopify's cost model that one call may ask for at most. */
  readonly costMax: number;
  /** A null of the answer says that something is not there: an answer that may not be read in part is refused as a whole. */
  readonly isAllOrNothing?: true;
};

/** Declares an operation; the answer's type follows from its schema. */
export function defineOperation<Data>(operation: AdminOperation<Data>): AdminOperation<Data> {
  return operation;
}
