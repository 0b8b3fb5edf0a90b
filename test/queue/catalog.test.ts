import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { JOB_CATALOG, JOB_NAMES, queueNameOf } from "#app/jobs/catalog.ts";

const JOBS = path.join(import.meta.dirname, "../../app/jobs");

test("every job of the catalogue has a processor file, and no file runs a job that is not in it", () => {
  const processors = readdirSync(JOBS).filter((file) => file.endsWith(".processor.ts"));
  const named = processors.map(
    (file) => /defineProcessor\("([^"]+)"/.exec(readFileSync(path.join(JOBS, file), "utf8"))?.[1],
  );
  expect(new Set(named)).toEqual(new Set(JOB_NAMES));
  expect(new Set(processors)).toEqual(new Set(JOB_NAMES.map((name) => `${queueNameOf(name)}.processor.ts`)));
});

test("every processor has a test beside it", () => {
  const files = readdirSync(JOBS);
  for (const name of JOB_NAMES) expect(files).toContain(`${queueNameOf(name)}.processor.test.ts`);
});

test("a job's payload holds a shop's key and nothing else, and its queue's name is one that BullMQ takes", () => {
  for (const name of JOB_NAMES) {
    expect(
      JOB_CATALOG[name].schema.safeParse({ shopId: "00000000-0000-8000-8000-000000000001", email: "a@b.c" }).success,
    ).toBe(false);
    expect(queueNameOf(name)).toMatch(/^[a-z-]+$/);
  }
});
