import type { Random } from "../lib/random.ts";
import type { Target } from "./child.ts";
import type { AwaitPoint } from "./instrument.ts";
import type { Story } from "./pipeline.ts";

/** A failpoint of a story: the process exits there, and the referral has to come right after the restart. */
export type Failpoint = { readonly story: Story; readonly target: Target; readonly name: string };

/** An await that is come by so often has failpoints in the middle of its life, too. */
const OFTEN = 3;

/** Every failpoint of the awaits that a story came by, of those that `isNew`. */
export function failpointsOf(
  story: Story,
  counts: readonly (readonly [id: number, times: number])[],
  points: readonly AwaitPoint[],
  isNew: (id: number) => boolean,
): Failpoint[] {
  return counts
    .filter(([id]) => isNew(id))
    .toSorted(([a], [b]) => a - b)
    .flatMap(([id, times]) => {
      const occurrences = times < OFTEN ? [1] : [1, Math.ceil((times + 1) / 2)];
      return occurrences.flatMap((occurrence) =>
        (["before", "after"] as const).map((side) => ({
          story,
          target: { id, side, occurrence },
          name: `${story.name}: ${side} ${points[id]?.name ?? id}${occurrence === 1 ? "" : `, time ${occurrence}`}`,
        })),
      );
    });
}

/** So many of them, drawn without putting back. */
export function draw<Item>(items: readonly Item[], count: number, random: Random): Item[] {
  return items
    .map((item) => ({ item, weight: random.next() }))
    .toSorted((a, b) => a.weight - b.weight)
    .slice(0, count)
    .map(({ item }) => item);
}
