/** One guard removed, and whether an attack noticed. */
export type Mutant = {
  readonly guard: string;
  /** What the guard is made of: the schema, the rights of roles, a race that a statement decides, or code. */
  readonly kind: "schema" | "rights" | "race" | "code";
  /** The attack whose assertion failed without the guard. */
  readonly attack: string;
  /** The same attack, with everything in place, found nothing. */
  readonly passesGuarded: boolean;
  readonly detected: boolean;
  /** Guards behind this one that had to go too before anything could go wrong. */
  readonly behind: readonly string[];
  /** What saw it: the assertion that failed, and the views that report it by themselves. */
  readonly caughtBy: readonly string[];
  /** The guard could not be removed where it was expected: nothing was shown. */
  readonly inconclusive?: string;
};
