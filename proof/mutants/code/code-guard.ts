import type { Hunk } from "../../lib/patched-source.ts";

/** A group of attacks is one module: its name, and what it exports. */
export type AttackGroup = "door" | "money" | "batch" | "shopify" | "row";

/** A guard that is code: where it stands, what is there without it, and the attack that it holds off. */
export type CodeGuard = {
  readonly guard: string;
  readonly group: AttackGroup;
  readonly attack: string;
  readonly hunks: readonly Hunk[];
};
