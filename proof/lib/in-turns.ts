/** Works on all items, so many at once, and gives the results in the items' order. */
export async function inTurns<Item, Result>(
  atOnce: number,
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results = new Map<number, Result>();
  const queue = items.entries();
  async function worker(): Promise<void> {
    for (const [index, item] of queue) results.set(index, await work(item));
  }
  await Promise.all(Array.from({ length: atOnce }, worker));
  return [...results].toSorted(([a], [b]) => a - b).map(([, result]) => result);
}
