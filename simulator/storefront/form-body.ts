import type { FastifyInstance } from "fastify";

const FORM_BYTES_MAX = 100_000;

/** Lets the routes of this scope take HTML form posts: the body is a `URLSearchParams`. */
export function acceptForms(scope: FastifyInstance): void {
  scope.removeContentTypeParser("application/x-www-form-urlencoded"); // the server's own gives a plain object
  scope.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string", bodyLimit: FORM_BYTES_MAX },
    (_request, body, done) => done(null, new URLSearchParams(String(body))),
  );
}

/** @returns the fields of a form post; none when the body is something else */
export function formOf(body: unknown): URLSearchParams {
  return body instanceof URLSearchParams ? body : new URLSearchParams();
}

/** Reads one text field, trimmed; "" when it is absent. */
export function field(form: URLSearchParams, name: string): string {
  return form.get(name)?.trim() ?? "";
}
