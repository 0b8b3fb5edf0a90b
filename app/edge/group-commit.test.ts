import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { createMetrics } from "#app/platform/metrics.ts";
import { createGroupCommit } from "./group-commit.ts";
import type { GroupCommitOptions } from "./group-commit.ts";

class RowError extends Error {}

function build(options: Partial<GroupCommitOptions<number>> = {}) {
  const batches: number[][] = [];
  const group = createGroupCommit<number>({
    table: "inbox",
    store: async (rows) => {
      batches.push([...rows]);
      await sleep(1);
      if (rows.some((row) => row < 0)) throw new RowError("a row is bad");
    },
    isRowFault: (error) => error instanceof RowError,
    metrics: createMetrics(),
    ...options,
  });
  return { group, batches };
}

test("a group commit stores what arrives in one turn in one batch", async () => {
  const { group, batches } = build();
  await Promise.all([1, 2, 3].map((row) => group.submit(row)));
  expect(batches).toEqual([[1, 2, 3]]);
});

test("a group commit sends off what is worth a commit before the turn is over, and stores every row once", async () => {
  const { group, batches } = build({ inFlightMax: 2 });
  const rows = Array.from({ length: 300 }, (_, row) => row);
  const submitted = rows.map((row) => group.submit(row));
  expect(batches.map((batch) => batch.length)).toEqual([64, 64]);
  await Promise.all(submitted);
  expect(batches.flat()).toEqual(rows);
});

test("a group commit never sends more rows than a batch holds, nor more batches than allowed at once", async () => {
  let inFlight = 0;
  let inFlightMost = 0;
  const sizes: number[] = [];
  const { group } = build({
    rowsMax: 10,
    inFlightMax: 2,
    store: async (rows) => {
      sizes.push(rows.length);
      inFlight += 1;
      inFlightMost = Math.max(inFlightMost, inFlight);
      await sleep(1);
      inFlight -= 1;
    },
  });
  await Promise.all(Array.from({ length: 95 }, (_, row) => group.submit(row)));
  expect(Math.max(...sizes)).toBe(10);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(95);
  expect(inFlightMost).toBe(2);
});

test("a group commit fails bad rows alone, wherever they stand in the batch", async () => {
  const { group } = build();
  const rows = Array.from({ length: 100 }, (_, row) => (row % 33 === 0 ? -1 - row : row));
  const results = await Promise.allSettled(rows.map((row) => group.submit(row)));
  expect(results.map((result) => result.status === "fulfilled")).toEqual(rows.map((row) => row >= 0));
});

test("a group commit tries nothing row by row when no row is to blame", async () => {
  let calls = 0;
  const { group } = build({
    store: async () => {
      calls += 1;
      throw new Error("no database");
    },
  });
  const results = await Promise.allSettled([1, 2, 3].map((row) => group.submit(row)));
  expect(results.map((result) => result.status)).toEqual(["rejected", "rejected", "rejected"]);
  expect(calls).toBe(1);
});

test("a group commit refuses a row when too many wait already", async () => {
  const { group } = build({ waitingMax: 2 });
  const accepted = [group.submit(1), group.submit(2)];
  await expect(group.submit(3)).rejects.toThrow("cannot keep up");
  await Promise.all(accepted);
});

test("a group commit is drained when everything that was submitted has been answered", async () => {
  const { group } = build();
  let answered = 0;
  for (const row of [1, -2, 3])
    void group
      .submit(row)
      .catch(() => undefined)
      .finally(() => (answered += 1));
  await group.drained();
  await Promise.resolve();
  expect(answered).toBe(3);
  await group.drained();
});
