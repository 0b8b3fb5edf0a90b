import { expect, test } from "vitest";
import { createClicksPartitionsProcessor } from "./clicks-partitions.processor.ts";

test("the clicks.partitions processor keeps partitions by the app's clock", async () => {
  const now = new Date("2026-03-01T00:00:00Z");
  const kept: Date[] = [];
  const processor = createClicksPartitionsProcessor({
    clock: { now: () => now },
    keepClickPartitions: (at) => {
      kept.push(at);
      return Promise.resolve();
    },
  });

  expect(await processor.process({})).toBe("kept");
  expect(kept).toEqual([now]);
});
