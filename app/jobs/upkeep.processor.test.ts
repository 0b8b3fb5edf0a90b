import { expect, test } from "vitest";
import { createUpkeepProcessor } from "./upkeep.processor.ts";

test('the job "upkeep" is done at the time of the clock that was passed in', async () => {
  const seen: Date[] = [];
  const now = new Date("2026-11-20T12:00:00Z");
  const processor = createUpkeepProcessor({
    clock: { now: () => now },
    upkeep: async (at) => {
      seen.push(at);
    },
  });
  expect(await processor.process({})).toBe("kept");
  expect(seen).toEqual([now]);
});
