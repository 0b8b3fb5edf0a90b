import { expect, test } from "vitest";
import { AppError, ERROR_CATALOGUE, assertNever, errorBody, invariant } from "./errors.ts";

test("every code of the catalogue has an error status, a sentence, and a word for the operator", () => {
  for (const [code, entry] of Object.entries(ERROR_CATALOGUE)) {
    expect(code).toMatch(/^[a-z_]+$/);
    expect(entry.status, code).toBeGreaterThanOrEqual(400);
    expect(
      [entry.message, entry.operator].every((text) => text.endsWith(".")),
      code,
    ).toBe(true);
    expect(entry.status !== 503 || entry.retry === "later", code).toBe(true);
  }
});

test("an AppError carries its status and whether to try again, and its body nothing else", () => {
  const error = new AppError("admin_throttled", { cause: new Error("of a shop") });
  expect([error.status, error.isRetryable, new AppError("bad_hmac").isRetryable]).toEqual([503, true, false]);
  expect(errorBody("bad_hmac")).toEqual({ error: { code: "bad_hmac", message: "The HMAC is missing or wrong." } });
});

test("invariant stops what rests on something untrue", () => {
  expect(() => {
    invariant(false, "two and two are four");
  }).toThrow("two and two are four");
  // The compiler refuses this call, which is the point of it: only a value from outside can get there.
  expect(() => assertNever("surprise" as never)).toThrow("surprise");
});
