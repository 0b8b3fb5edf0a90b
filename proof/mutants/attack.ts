import type { Pools } from "../../app/data/pools.ts";
import type { NamedStatement } from "../../app/data/tenant.ts";

export const AT_ONCE = 20;

/** What is about to be tried, in a shop of its own: twenty works that may succeed once between them. */
export type Assault = {
  readonly shopId: string;
  readonly works: readonly (() => Promise<unknown>)[];
  /** Counts the thing of which there may be one, as the owner. */
  readonly count: { readonly text: string; readonly values: readonly unknown[] };
};

export type Attack = {
  readonly name: string;
  /** The guard that the brief of this attack is about. */
  readonly guard: string;
  /** The guard is no object of the database but part of a statement: this is that statement without it. */
  readonly unguarded?: NamedStatement;
  /** The table at whose first write all twenty are held back. */
  readonly gate: string;
  prepare(pools: Pools, statement?: NamedStatement): Promise<Assault>;
};
