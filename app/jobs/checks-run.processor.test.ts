import { expect, test } from "vitest";
import { createChecksRunProcessor } from "./checks-run.processor.ts";

test.each([
  [0, "clean"],
  [2, "found"],
])("the checks.run processor says whether anything was found (%i)", async (findings, word) => {
  const processor = createChecksRunProcessor({ runChecks: () => Promise.resolve(findings) });
  expect(await processor.process({})).toBe(word);
});
