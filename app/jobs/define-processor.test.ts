import { UnrecoverableError } from "bullmq";
import { expect, test } from "vitest";
import { AppError } from "#app/platform/errors.ts";
import { defineProcessor } from "./define-processor.ts";

test("a processor refuses a payload that is not the catalogue's, for good", async () => {
  const processor = defineProcessor("inbox.drain", () => Promise.resolve("drained"));
  for (const payload of [null, {}, { shopId: "1" }, { shopId: 7 }]) {
    await expect(processor.process(payload)).rejects.toThrow(UnrecoverableError);
  }
});

test("a failure that no retry can help ends the job; any other is left to be tried again", async () => {
  const hopeless = defineProcessor("sweep", () => Promise.reject(new AppError("admin_refused")));
  await expect(hopeless.process({})).rejects.toThrow(UnrecoverableError);

  const passing = new AppError("admin_throttled");
  const throttled = defineProcessor("sweep", () => Promise.reject(passing));
  await expect(throttled.process({})).rejects.toBe(passing);

  const bug = new Error("a bug");
  const broken = defineProcessor("sweep", () => Promise.reject(bug));
  await expect(broken.process({})).rejects.toBe(bug);
});
