/**
 * How many letters lie between two words: put in, left out, exchanged, or swapped with the next.
 *
 * @param most more than this is not told apart: null. Bounds the work, so words may come from anybody
 */
export function editsBetween(left: string, right: string, most: number): number | null {
  if (Math.abs(left.length - right.length) > most) return null;
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: right.length + 1 }, (_, place) => place);
  for (let i = 1; i <= left.length; i += 1) {
    const next = nextRow({ left, right, i, row, before });
    if (Math.min(...next) > most) return null;
    [before, row] = [row, next];
  }
  const edits = at(row, right.length);
  return edits <= most ? edits : null;
}

type Rows = {
  readonly left: string;
  readonly right: string;
  readonly i: number;
  readonly row: readonly number[];
  readonly before: readonly number[];
};

function nextRow({ left, right, i, row, before }: Rows): number[] {
  const next = [i];
  for (let j = 1; j <= right.length; j += 1) {
    const kept = at(row, j - 1) + (left[i - 1] === right[j - 1] ? 0 : 1);
    const isSwapped = left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1];
    const swapped = at(before, j - 2) + (isSwapped ? 1 : Infinity);
    next.push(Math.min(kept, swapped, at(row, j) + 1, at(next, j - 1) + 1));
  }
  return next;
}

/** A place outside of the row, before the words begin, is infinitely far. */
function at(row: readonly number[], place: number): number {
  return row[place] ?? Infinity;
}
