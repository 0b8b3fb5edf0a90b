import type { Scratch } from "../scratch.ts";

/**
 * Tries to make the application break a promise. Fails by an assertion when it succeeds; any other error means that the
 * attack itself did not come to its end, and shows nothing.
 */
export type CodeAttack = (scratch: Scratch) => Promise<void>;

export type CodeAttacks = Readonly<Record<string, CodeAttack>>;
