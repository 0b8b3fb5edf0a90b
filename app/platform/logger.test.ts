import { expect, test } from "vitest";
import { createLogger } from "./logger.ts";

function logged(write: (logger: ReturnType<typeof createLogger>) => void): Record<string, unknown> {
  const lines: string[] = [];
  write(createLogger({ LOG_LEVEL: "info" }, { write: (line: string) => void lines.push(line) }));
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? "");
}

test("a log line holds the fields that may be logged, and withholds all others", () => {
  const line = logged((logger) => {
    logger.info({ shopId: "s", email: "mara@example.com", token: "t" }, "hello");
  });
  expect(line).toMatchObject({ level: "info", shopId: "s", email: "[withheld]", token: "[withheld]", msg: "hello" });
});

test("a database error is told without the values that it quotes", () => {
  const error = Object.assign(new Error('invalid input syntax: "mara@example.com"'), {
    severity: "ERROR",
    code: "22P02",
    table: "inbox",
    detail: "Key (email)=(mara@example.com)",
  });
  const line = logged((logger) => {
    logger.error({ err: error }, "failed");
  });
  expect(JSON.stringify(line)).not.toContain("mara");
  expect(line["err"]).toMatchObject({ code: "22P02", table: "inbox", severity: "ERROR" });
});

test("another error is told with its message and its cause", () => {
  const line = logged((logger) => {
    logger.error({ err: new Error("outer", { cause: new TypeError("inner") }) }, "failed");
  });
  expect(line["err"]).toMatchObject({
    type: "Error",
    message: "outer",
    cause: { type: "TypeError", message: "inner" },
  });
});
