import { isObject } from "../json/read.ts";
import type { CurrencyCode } from "../money/currency.ts";
import type { MoneyProblem } from "../money/decimal.ts";
import { parseMoney } from "../money/decimal.ts";
import { parseIsoTime } from "../time/iso-time.ts";
import type { TermsProblem, TermsProblemCode } from "./problems.ts";
import { problem } from "./problems.ts";

/** Reads fields one by one and collects what is wrong; a field that is wrong yields its fallback, and the result is refused. */
export type FieldReader = {
  readonly problems: TermsProblem[];
  readonly report: (path: string, code: TermsProblemCode) => void;
};

const PROBLEM_OF_AMOUNT: { readonly [K in MoneyProblem]: TermsProblemCode } = {
  malformed: "not_amount",
  negative: "not_positive",
  too_many_decimals: "too_many_decimals",
  too_large: "too_large",
};

type JsonObject = Readonly<Record<string, unknown>>;

/** A reader with no problems so far. */
export function createFieldReader(): FieldReader {
  const problems: TermsProblem[] = [];
  return { problems, report: (path, code) => void problems.push(problem(path, code)) };
}

/** A group of named fields; reports anything else, and fields that are not in `known`. */
export function readGroup(reader: FieldReader, path: string, input: unknown, known: readonly string[]): JsonObject {
  if (!isObject(input)) {
    reader.report(path, "not_an_object");
    return {};
  }
  const prefix = path === "" ? "" : `${path}.`;
  for (const name of Object.keys(input)) {
    if (!known.includes(name)) reader.report(prefix + name, "unknown_field");
  }
  return input;
}

/** One of a few words. */
export function readChoice<const T extends string>(
  reader: FieldReader,
  path: string,
  input: unknown,
  choices: readonly [T, ...T[]],
): T {
  const found = choices.find((choice) => choice === input);
  if (found === undefined) reader.report(path, "not_a_choice");
  return found ?? choices[0];
}

/** True or false. */
export function readTruth(reader: FieldReader, path: string, input: unknown): boolean {
  if (typeof input !== "boolean") reader.report(path, "not_truth");
  return input === true;
}

/** A whole number within limits, both included. */
export function readWhole(
  reader: FieldReader,
  path: string,
  input: unknown,
  limits: readonly [min: number, max: number],
): number {
  const [min, max] = limits;
  if (typeof input !== "number" || !Number.isInteger(input)) {
    reader.report(path, "not_whole");
    return min;
  }
  if (input < min || input > max) reader.report(path, "out_of_range");
  return input;
}

/** As `readWhole`, or null. */
export function readWholeOrNull(
  reader: FieldReader,
  path: string,
  input: unknown,
  limits: readonly [number, number],
): number | null {
  return input === null ? null : readWhole(reader, path, input, limits);
}

/** Trimmed text, or null for null and for blank. */
export function readTextOrNull(reader: FieldReader, path: string, input: unknown, lengthMax: number): string | null {
  if (input === null) return null;
  if (typeof input !== "string") {
    reader.report(path, "not_text");
    return null;
  }
  const text = input.trim();
  if (text.length > lengthMax) reader.report(path, "too_long");
  return text === "" ? null : text;
}

/** A moment in ISO 8601 with its zone (or a day, taken as its start in UTC) as epoch milliseconds, or null. */
export function readTimeOrNull(reader: FieldReader, path: string, input: unknown): number | null {
  if (input === null || input === "") return null;
  const epochMs = typeof input === "string" ? parseIsoTime(input) : null;
  if (epochMs === null) reader.report(path, "bad_time");
  return epochMs;
}

/** A decimal amount over zero as minor units; 1 when it is wrong. */
export function readAmount(
  reader: FieldReader,
  path: string,
  input: unknown,
  unit: { readonly currency: CurrencyCode; readonly exponent: number },
): bigint {
  const minor = readAmountFromZero(reader, path, input, unit);
  if (minor === 0n) reader.report(path, "not_positive");
  return minor ?? 1n;
}

/** A decimal amount from zero as minor units; null when it is wrong. */
export function readAmountFromZero(
  reader: FieldReader,
  path: string,
  input: unknown,
  unit: { readonly currency: CurrencyCode; readonly exponent: number },
): bigint | null {
  const result =
    typeof input === "string"
      ? parseMoney(input.trim(), unit.currency, unit.exponent)
      : ({ outcome: "malformed" } as const);
  if (result.outcome === "ok") return result.money.minor;
  reader.report(path, PROBLEM_OF_AMOUNT[result.outcome]);
  return null;
}
