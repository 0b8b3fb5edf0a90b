import app from "./app.json";

const TIMEOUT_MS = 10_000;

export type Answer =
  | { readonly outcome: "ok"; readonly body: Readonly<Record<string, unknown>> }
  /** The app said no; `code` is one of its error catalogue. */
  | { readonly outcome: "refused"; readonly code: string }
  /** No answer, or none that can be read: offline, blocked, a fault. The same question may be asked again. */
  | { readonly outcome: "unreachable" };

/**
 * Asks the app, as the customer whom Shopify's session token names. Never throws.
 * @param path below `/api/customer/`
 * @param body sent as JSON by POST; absent: GET
 */
export async function ask(path: string, body?: Readonly<Record<string, unknown>>): Promise<Answer> {
  try {
    const token = await shopify.sessionToken.get();
    const response = await fetch(`${app.appUrl}/api/customer/${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const json: unknown = await response.json();
    if (!isRecord(json)) return { outcome: "unreachable" };
    if (response.ok) return { outcome: "ok", body: json };
    const error = json["error"];
    const code = isRecord(error) ? error["code"] : null;
    return typeof code === "string" && response.status < 500
      ? { outcome: "refused", code }
      : { outcome: "unreachable" };
  } catch {
    return { outcome: "unreachable" }; // what went wrong is said to the customer by the state that this becomes
  }
}

/** Whether JSON is an object whose fields may be read. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A text of an answer; anything else reads as empty. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The objects of a list; anything else reads as none. */
export function recordsOf(value: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
