import { pino } from "pino";
import type { DestinationStream, Logger as PinoLogger } from "pino";
import type { Env } from "./env.ts";

export type Logger = PinoLogger;

const MESSAGE_CHARACTERS_MAX = 300;

/**
 * The only fields that may be logged. Everything else prints as "[withheld]": a list of what is allowed cannot forget
 * a new kind of secret. None of these ever holds a person's data, a referral or reward code, or a token.
 */
const LOGGABLE = new Set([
  "err",
  "shopId",
  "shop",
  "topic",
  "webhookId",
  "eventId",
  "rowId",
  "dedupeKey",
  "outcome",
  "reason",
  "state",
  "attempts",
  "count",
  "rows",
  "table",
  "queue",
  "job",
  "jobId",
  "kind",
  "backend",
  "operation",
  "status",
  "method",
  "route",
  "requestId",
  "durationMs",
  "delayMs",
  "timeoutMs",
  "waitMs",
  "cost",
  "available",
  "restoreRate",
  "requested",
  "actual",
  "cursor",
  "page",
  "port",
  "host",
  "url",
  "mode",
  "signal",
  "pid",
  "version",
  "from",
  "to",
  "referralId",
  "rewardId",
  "caseId",
  "personId",
  "codeId",
  "orderId",
  "discountId",
  "check",
  "errorCode",
  "bodyBytes",
  "errorOffset",
  "at",
  "until",
  "nextAt",
  "step",
]);

/**
 * Makes the process's logger: JSON lines on standard output, fields by allow-list, errors without the values that
 * PostgreSQL puts into its messages.
 *
 * @param env Gives the level.
 * @param destination Where lines go; standard output when absent.
 */
export function createLogger(env: Pick<Env, "LOG_LEVEL">, destination?: DestinationStream): Logger {
  const options = {
    level: env.LOG_LEVEL,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }), log: withheldUnlessAllowed },
    serializers: { err: describeError },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

function withheldUnlessAllowed(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, LOGGABLE.has(name) ? value : "[withheld]"]),
  );
}

/**
 * Tells what is safe of an error. A database error quotes the offending values in its message and detail, so of those
 * only the code and the names of table and constraint are told.
 *
 * @param error Anything that was thrown.
 */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const fields: Record<string, unknown> = { type: error.name };
  for (const name of ["code", "severity", "table", "constraint", "routine"]) {
    const value: unknown = Reflect.get(error, name);
    if (typeof value === "string") fields[name] = value;
  }
  fields["stack"] = stackFrames(error);
  if (fields["severity"] === undefined) fields["message"] = error.message.slice(0, MESSAGE_CHARACTERS_MAX);
  if (error.cause !== undefined) fields["cause"] = describeError(error.cause);
  return fields;
}

/** The first line of a stack repeats the message, which is told (or not) on its own. */
function stackFrames(error: Error): string {
  return (error.stack ?? "")
    .split("\n")
    .filter((line) => line.trimStart().startsWith("at "))
    .slice(0, 12)
    .join("\n");
}
