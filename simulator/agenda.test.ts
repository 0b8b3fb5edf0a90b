import fc from "fast-check";
import { expect, test } from "vitest";
import { createAgenda } from "./agenda.ts";
import { createQueue } from "./queue.ts";

test("an agenda gives what is due in the order of its times, and of one time in the order it was planned in", () => {
  const plan = fc.array(fc.record({ at: fc.integer({ min: 0, max: 30 }), isOff: fc.boolean() }), { maxLength: 80 });
  fc.assert(
    fc.property(plan, fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 5 }), (items, looks) => {
      const agenda = createAgenda();
      const ran: number[] = [];
      items.forEach(({ at, isOff }, index) => {
        const callOff = agenda.add(at, () => ran.push(index));
        if (isOff) callOff();
      });
      for (const now of [...looks.toSorted((a, b) => a - b), 30]) for (const { work } of agenda.takeUntil(now)) work();
      const wanted = items
        .map(({ at, isOff }, index) => ({ at, isOff, index }))
        .filter(({ isOff }) => !isOff)
        .toSorted((a, b) => a.at - b.at || a.index - b.index);
      expect(ran).toEqual(wanted.map(({ index }) => index));
      expect(agenda.first()).toBeNull();
    }),
  );
});

test("a cleared agenda has nothing to do", () => {
  const agenda = createAgenda();
  agenda.add(1, () => undefined);
  agenda.clear();
  expect(agenda.takeUntil(2)).toEqual([]);
});

test("a queue gives back what was put into it, the oldest first, however much it held", () => {
  const queue = createQueue<number>();
  const taken: (number | undefined)[] = [];
  for (let number = 0; number < 5_000; number += 1) {
    queue.put(number);
    if (number % 3 === 0) taken.push(queue.take());
  }
  while (taken.length < 5_000) taken.push(queue.take());
  expect(taken).toEqual(Array.from({ length: 5_000 }, (_, number) => number));
  expect(queue.take()).toBeUndefined();
});
