import { Agent, request } from "node:http";
import { text } from "node:stream/consumers";

/** Where the app and the pretend Shopify listen. The journey knows nothing else of either. */
export type Target = { readonly appUrl: string; readonly simulatorUrl: string };

export type Json = { readonly [name: string]: unknown };

const SETTLED_TIMEOUT_MS = 60_000;
/** A row that tries again in a few seconds is waited for in simulated time; the real seconds would show nothing. */
const SKIPPED_WAIT_MS = 5_000;
/** Longer than the wait for everything to settle, so that it can say what it waited for. */
const CALL_TIMEOUT_MS = SETTLED_TIMEOUT_MS + 15_000;
/** A connection that nobody uses is closed by us, long before a server closes it just as the next call goes out. */
const IDLE_MS = 4_000;
/** The admin refuses programs, as Shopify's library does; the journey presents itself as a browser. */
const BROWSER = "Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36";

/** A step of the journey did not end as it must. */
export class JourneyFailed extends Error {}

/** Stops the journey with a sentence when something is not as it must be. */
export function expectThat(condition: boolean, what: string, seen?: unknown): asserts condition {
  if (!condition)
    throw new JourneyFailed(seen === undefined ? what : `${what}; seen: ${JSON.stringify(seen)?.slice(0, 600)}`);
}

/** Connections are kept: a proof makes hundreds of thousands of calls, and `fetch` costs several times as much. */
const agent = new Agent({ keepAlive: true, timeout: IDLE_MS });

type Sent = { readonly method: string; readonly headers: Record<string, string>; readonly body?: string };

/** Sends a request and follows no redirect. @throws the error of the connection, or of an answer that does not come */
function send(url: string, { method, headers, body }: Sent): Promise<{ status: number; body: string }> {
  const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const options = { method, agent, headers: { ...headers, ...length }, timeout: CALL_TIMEOUT_MS };
    const sent = request(url, options, (response) => {
      text(response).then(
        (answer) => resolve({ status: response.statusCode ?? 0, body: answer }),
        (error: unknown) => reject(error instanceof Error ? error : new Error(String(error))),
      );
    });
    sent.on("timeout", () => sent.destroy(new Error(`${method} ${url} is not answered`)));
    sent.on("error", reject);
    sent.end(body);
  });
}

/** Calls the simulator's control API. @throws JourneyFailed unless it answers 2xx */
export async function control(
  target: Target,
  method: "GET" | "POST" | "DELETE",
  path: string,
  body?: unknown,
): Promise<Json> {
  const json = body === undefined ? {} : { body: JSON.stringify(body) };
  const headers: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
  const answer = await send(`${target.simulatorUrl}/_control/${path}`, { method, headers, ...json });
  const isOk = answer.status >= 200 && answer.status < 300;
  expectThat(isOk, `${method} ${path} answers 2xx, not ${answer.status}`, answer.body);
  return asObject(answer.body === "" ? {} : JSON.parse(answer.body));
}

/** Calls the app as an extension or the embedded admin does: with a session token. @returns the status and the JSON body */
export async function callApp(
  target: Target,
  call: { method: "GET" | "POST"; path: string; token: string; json?: unknown; form?: Record<string, string> },
): Promise<{ status: number; body: Json }> {
  const headers: Record<string, string> = {
    authorization: `Bearer ${call.token}`,
    accept: "application/json",
    "user-agent": BROWSER,
  };
  const url = `${target.appUrl}${call.path}`;
  if (call.form === undefined) {
    if (call.json !== undefined) headers["content-type"] = "application/json";
    const json = call.json === undefined ? {} : { body: JSON.stringify(call.json) };
    const { status, body } = await send(url, { method: call.method, headers, ...json });
    return { status, body: jsonOf(body) };
  }
  // The admin may answer a form with another address, which a browser follows.
  const body = new URLSearchParams(call.form);
  const signal = AbortSignal.timeout(CALL_TIMEOUT_MS);
  const response = await fetch(url, { method: call.method, headers, signal, body });
  return { status: response.status, body: jsonOf(await response.text()) };
}

/**
 * Posts JSON, or a form as a browser without scripts does, to a shop's storefront as a browser on this address of the network does. Every shop has a host of its own,
 * and not every machine finds it by name: the simulator is called, and told the host.
 */
export async function callStorefront(
  target: Target,
  call: { shop: string; path: string; ip: string } & ({ json: unknown } | { form: Record<string, string> }),
): Promise<{ status: number; body: Json }> {
  const { port } = new URL(target.simulatorUrl);
  const headers = {
    host: `${call.shop.replace(".myshopify.com", "")}.localhost:${port}`,
    "content-type": "form" in call ? "application/x-www-form-urlencoded" : "application/json",
    "user-agent": BROWSER,
    "x-forwarded-for": call.ip,
  };
  const sent = "form" in call ? new URLSearchParams(call.form).toString() : JSON.stringify(call.json);
  const { status, body } = await send(`${target.simulatorUrl}${call.path}`, { method: "POST", headers, body: sent });
  return { status, body: jsonOf(body) };
}

function jsonOf(body: string): Json {
  return body.startsWith("{") ? asObject(JSON.parse(body)) : { text: body };
}

/** Opens a page of the embedded admin as Shopify's frame does. @returns its HTML */
export async function openAdminPage(target: Target, shop: string, path: string): Promise<string> {
  const token = String((await control(target, "POST", `shops/${shop}/id-token`, {}))["token"]);
  const host = Buffer.from(`admin.shopify.com/store/${shop.replace(".myshopify.com", "")}`).toString("base64");
  const query = new URLSearchParams({ embedded: "1", shop, host, id_token: token });
  const separator = path.includes("?") ? "&" : "?";
  const response = await fetch(`${target.appUrl}${path}${separator}${query}`, {
    headers: { "user-agent": BROWSER, accept: "text/html" },
    signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
  });
  const html = await response.text();
  expectThat(response.status === 200, `${path} opens in the admin, not ${response.status}`, html.slice(0, 300));
  return html;
}

/** Waits until no delivery, row or job is due any more. */
export async function settle(target: Target): Promise<void> {
  const answer = await control(target, "GET", `settled?timeoutMs=${SETTLED_TIMEOUT_MS}&skipMs=${SKIPPED_WAIT_MS}`);
  expectThat(answer["settled"] === true, "everything settles within a minute", answer["waitingFor"]);
}

/** Reads an unknown value as an object; anything else is an empty one. */
export function asObject(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {}; // checked just before
}

/** Reads an unknown value as a list of objects. */
export function asList(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(asObject) : [];
}
