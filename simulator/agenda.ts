export type Planned = { readonly at: number; readonly order: number; readonly work: () => void; isOff: boolean };

/** Planned work by its time: a heap, since a storm plans thousands of deliveries and takes them one by one. */
export type Agenda = {
  /** Plans work; returns a function that calls it off. */
  add(at: number, work: () => void): () => void;
  /** What comes next; null when nothing does. */
  first(): Planned | null;
  /** Takes all that is due at `now`, oldest first, of one time in the order in which it was planned. */
  takeUntil(now: number): Planned[];
  clear(): void;
};

/** Makes an empty agenda. */
export function createAgenda(): Agenda {
  const heap: Planned[] = [];
  let counter = 0;

  function first(): Planned | null {
    for (let [top] = heap; top !== undefined; [top] = heap) {
      if (!top.isOff) return top;
      removeTop(heap);
    }
    return null;
  }

  return {
    add(at, work) {
      const item = { at, order: (counter += 1), work, isOff: false };
      insert(heap, item);
      return () => void (item.isOff = true);
    },
    first,
    takeUntil(now) {
      const due: Planned[] = [];
      for (let next = first(); next !== null && next.at <= now; next = first()) {
        removeTop(heap);
        due.push(next);
      }
      return due;
    },
    clear() {
      heap.length = 0;
    },
  };
}

function isBefore(one: Planned, other: Planned): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}

function insert(heap: Planned[], item: Planned): void {
  let at = heap.length;
  heap.push(item);
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = heap[above];
    if (parent === undefined || isBefore(parent, item)) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = item;
}

function removeTop(heap: Planned[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    const left = heap[2 * at + 1];
    const right = heap[2 * at + 2];
    if (left === undefined) break;
    const isRight = right !== undefined && isBefore(right, left);
    const least = isRight ? right : left;
    if (isBefore(last, least)) break;
    heap[at] = least;
    at = 2 * at + (isRight ? 2 : 1);
  }
  heap[at] = last;
}
