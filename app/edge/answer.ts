import type { FastifyError, FastifyInstance, FastifyReply } from "fastify";
import { AppError, ERROR_CATALOGUE, errorBody } from "#app/platform/errors.ts";
import type { ErrorCode } from "#app/platform/errors.ts";
import type { Logger } from "#app/platform/logger.ts";

const RETRY_AFTER_SECONDS = 30;

/** Answers with an error of the catalogue: its status, its JSON body, and when to come back where that helps. */
export function sendError(reply: FastifyReply, code: ErrorCode): FastifyReply {
  const { status, retry } = ERROR_CATALOGUE[code];
  if (status === 503 && retry === "later") reply.header("retry-after", String(RETRY_AFTER_SECONDS));
  return reply.code(status).header("cache-control", "no-store").send(errorBody(code));
}

/**
 * Gives a scope of a door the same manners as its routes: whatever is thrown is answered from the catalogue, and what was
 * not expected is logged, without a byte of the request.
 */
export function answerErrors(scope: FastifyInstance, logger: Logger): void {
  scope.setErrorHandler((error: FastifyError, request, reply) => {
    const code = codeOf(error);
    if (code === "internal_error")
      logger.error({ err: error, route: request.routeOptions.url, method: request.method }, "a door failed");
    return sendError(reply, code);
  });
}

function codeOf(error: FastifyError): ErrorCode {
  if (error instanceof AppError) return error.code;
  if (error.code === "FST_ERR_CTP_BODY_TOO_LARGE") return "body_too_large";
  return error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500
    ? "bad_request"
    : "internal_error";
}
