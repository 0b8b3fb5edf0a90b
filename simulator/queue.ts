/** First in, first out, however long it gets: `shift()` of a long array moves all of it. */
export type Queue<Item> = {
  put(item: Item): void;
  /** The oldest, which is in it no longer; undefined when it is empty. */
  take(): Item | undefined;
};

/** Taken items are cut off once they are at least so many and half of all. */
const CUT_MIN = 1_024;

/** Makes an empty queue. */
export function createQueue<Item>(): Queue<Item> {
  let items: (Item | undefined)[] = [];
  let taken = 0;
  return {
    put: (item) => void items.push(item),
    take() {
      if (taken >= items.length) return undefined;
      const item = items[taken];
      items[taken] = undefined;
      taken += 1;
      if (taken >= CUT_MIN && taken * 2 >= items.length) {
        items = items.slice(taken);
        taken = 0;
      }
      return item;
    },
  };
}
