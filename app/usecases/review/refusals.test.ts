import { expect, test } from "vitest";
import { withRefusalsInWords } from "./refusals.ts";

function refusedBy(constraint: unknown): () => Promise<never> {
  return () => Promise.reject(Object.assign(new Error("violates a constraint"), { constraint }));
}

test("a decision that nothing stands against is passed through", async () => {
  const decided = { outcome: "stale" } as const;
  expect(await withRefusalsInWords(() => Promise.resolve(decided))).toBe(decided);
});

test("what a guard of the database refuses is told in words", async () => {
  expect(await withRefusalsInWords(refusedBy("undone_once"))).toMatchObject({
    outcome: "not_allowed",
    why: "This rejection was undone before.",
  });
});

test.each([
  ["of a constraint that is no guard", refusedBy("referrals_pkey")],
  ["without a constraint", () => Promise.reject(new Error("connection lost"))],
  ["that is no error", () => Promise.reject("gone" as unknown as Error)],
])("a failure %s is thrown on", async (_what, decide) => {
  await expect(withRefusalsInWords(decide)).rejects.toBeDefined();
});
