import { afterEach, beforeEach, expect } from "vitest";

const terminal = globalThis.console;
const original = terminal.error;
let errors: string[] = [];

/** A test that makes something print to console.error is hiding a fault: fail it and show what was printed. */
beforeEach(() => {
  errors = [];
  terminal.error = (...parts: unknown[]) => {
    errors.push(parts.map(String).join(" "));
    original(...parts);
  };
});

afterEach(() => {
  terminal.error = original;
  expect(errors, "console.error was called").toEqual([]);
});
