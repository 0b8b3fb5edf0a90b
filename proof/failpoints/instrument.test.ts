import { expect, test } from "vitest";
import { instrument, sourcesUnder } from "./instrument.ts";
import { CONTROL, ROOMS } from "./pipeline.ts";

test("every await of a file has a call before and after it, nested ones too", () => {
  const { points, sources } = instrument(["app/usecases/send-note.ts"]);
  const source = sources["app/usecases/send-note.ts"] ?? "";
  expect(points.length).toBeGreaterThan(10);
  for (const { id } of points) {
    expect(source.split(`__before(${id})`)).toHaveLength(2);
    expect(source.split(`__after(${id}, await (`)).toHaveLength(2);
  }
  expect(source).toContain("await (__before(");
});

test("points are numbered in the same order every time", () => {
  const files = sourcesUnder(["app/jobs"]);
  expect(files).toContain("app/jobs/drain.ts");
  expect(files.some((file) => file.includes(".test."))).toBe(false);
  expect(instrument(files)).toEqual(instrument(files));
});

test("the control has its guard to take out and its one await to exit after", () => {
  const { points } = instrument(sourcesUnder(ROOMS), CONTROL.hunks);
  expect(points.filter(({ name }) => name.endsWith(CONTROL.exitsAfter))).toHaveLength(1);
});
