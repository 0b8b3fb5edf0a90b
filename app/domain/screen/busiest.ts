/** Something that happened, once counted however often its `key` comes again. `at`: epoch milliseconds. */
export type Happening = { readonly at: number; readonly key: string };

/**
 * Counts a burst around a moment: the most keys that fall into any span of `spanMs` with that moment in it.
 *
 * @returns 0 when nothing happened near it
 */
export function busiest(happenings: readonly Happening[], around: number, spanMs: number): number {
  // What is left lies less than a span away, so every span that ends at one of these has the moment in it, or may be longer.
  const near = happenings
    .filter(({ at }) => at > around - spanMs && at < around + spanMs)
    .toSorted((left, right) => left.at - right.at);
  const within = new Map<string, number>();
  let [first, most] = [0, 0];
  for (const { at, key } of near) {
    change(within, key, 1);
    for (; first < near.length; first += 1) {
      const oldest = near[first];
      if (oldest === undefined || oldest.at > at - spanMs) break;
      change(within, oldest.key, -1);
    }
    most = Math.max(most, within.size);
  }
  return most;
}

function change(within: Map<string, number>, key: string, by: 1 | -1): void {
  const count = (within.get(key) ?? 0) + by;
  if (count === 0) within.delete(key);
  else within.set(key, count);
}
