import { crash } from "./crash/crash.ts";
import { failpoints } from "./failpoints/failpoints.ts";
import { faults } from "./faults/faults.ts";
import { fraud } from "./fraud/fraud.ts";
import { journey } from "./journey-proof.ts";
import type { Proof } from "./lib/proof.ts";
import { mutants } from "./mutants/mutants.ts";
import { notes } from "./notes/notes.ts";
import { reach } from "./reach/reach.ts";
import { reconcile } from "./reconcile/reconcile.ts";
import { reorder } from "./reorder/reorder.ts";
import { replay } from "./replay/replay.ts";
import { storm } from "./storm/storm.ts";
import { wipe } from "./wipe/wipe.ts";
import { words } from "./words/words.ts";

/** Every proof there is, in the order in which `all` runs them. */
export const PROOFS: readonly Proof[] = [
  journey,
  reach,
  mutants,
  failpoints,
  reorder,
  faults,
  storm,
  wipe,
  crash,
  fraud,
  replay,
  reconcile,
  words,
  notes,
];
