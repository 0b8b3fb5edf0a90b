import { afterEach, beforeEach, expect } from "vitest";

const original = console.error;
let errors: string[] = [];

/** A test that makes something print to console.error is hiding a fault: fail it and show what was printed. */
beforeEach(() => {
  errors = [];
  console.error = (...parts: unknown[]) => {
    errors.push(parts.map(String).join(" "));
    original(...parts);
  };
});

afterEach(() => {
  console.error = original;
  expect(errors, "console.error was called").toEqual([]);
});
