import { expect, test } from "vitest";
import type { FoundShop } from "./sweep.ts";
import { createSweepProcessor } from "./sweep.processor.ts";

test("the sweep processor says whether anything was due", async () => {
  const found: FoundShop[] = [];
  const processor = createSweepProcessor({ sweep: { run: () => Promise.resolve(found) } });

  expect(await processor.process({})).toBe("nothing_due");
  found.push({ kind: "inbox", shopId: "0a1b2c3d-0000-8000-8000-000000000001" });
  expect(await processor.process({})).toBe("rung");
});
