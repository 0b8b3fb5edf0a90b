import { expect, test } from "vitest";
import { createOutboxDrainProcessor } from "./outbox-drain.processor.ts";

test("the outbox.drain processor drains the shop of its payload and says whether rows are left", async () => {
  const drained: string[] = [];
  const outboxDrain = {
    run: (shopId: string) => {
      drained.push(shopId);
      return Promise.resolve({ outcome: "more", handled: 200 } as const);
    },
    inFlight: () => 0,
    stop: () => undefined,
  };
  const shopId = "0a1b2c3d-0000-8000-8000-000000000001";

  expect(await createOutboxDrainProcessor({ outboxDrain }).process({ shopId })).toBe("more");
  expect(drained).toEqual([shopId]);
});
