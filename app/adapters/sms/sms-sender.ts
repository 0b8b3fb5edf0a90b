import { AwsClient } from "aws4fetch";
import type { MailSender } from "#app/usecases/ports.ts";
import type { SmsSender } from "#app/usecases/words-port.ts";

type Sent = Awaited<ReturnType<MailSender["send"]>>;
type Message = { readonly to: string; readonly text: string };

const TIMEOUT_MS = 10_000;
const TOO_MANY = 429;
const SERVER_FAULT_FROM = 500;
/** What fetch says of a connection that was never there. */
const NEVER_CONNECTED = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/**
 * Sends text messages by the provider that the address names:
 * `twilio://SID:TOKEN@api.twilio.com?from=+447700900000`, `sns://KEY:SECRET@eu-west-1?sender=FreshBox`, or an http(s) address
 * that takes `{to, text}`. Null when none is set up. A provider has no key to recognise a repeated message by, so an answer that
 * did not come is `unknown`, and nothing is sent again.
 */
export function createSmsSender(smsUrl: string | undefined, fetchLike: typeof fetch = fetch): SmsSender | null {
  if (smsUrl === undefined) return null;
  const url = new URL(smsUrl);
  const request = requestFor(url);
  return {
    async send(message) {
      try {
        const { address, init } = await request(message);
        const response = await fetchLike(address, {
          ...init,
          signal: AbortSignal.timeout(TIMEOUT_MS),
          redirect: "error",
        });
        await response.body?.cancel();
        return outcomeOf(response.status);
      } catch (error) {
        return troubleOf(error);
      }
    },
  };
}

type Prepared = { readonly address: string; readonly init: RequestInit };

function requestFor(url: URL): (message: Message) => Promise<Prepared> {
  switch (url.protocol) {
    case "twilio:":
      return twilio(url);
    case "sns:":
      return sns(url);
    default:
      return plain(url);
  }
}

/** https://www.twilio.com/docs/messaging/api/message-resource */
function twilio(url: URL): (message: Message) => Promise<Prepared> {
  const account = decodeURIComponent(url.username);
  const secret = `${account}:${decodeURIComponent(url.password)}`;
  const from = url.searchParams.get("from") ?? "";
  const address = `${schemeFor(url.hostname)}//${url.host}/2010-04-01/Accounts/${encodeURIComponent(account)}/Messages.json`;
  const headers = { authorization: `Basic ${Buffer.from(secret).toString("base64")}` };
  return ({ to, text }) =>
    Promise.resolve({
      address,
      init: { method: "POST", headers, body: new URLSearchParams({ To: to, From: from, Body: text }) },
    });
}

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
function sns(url: URL): (message: Message) => Promise<Prepared> {
  const region = url.hostname;
  const client = new AwsClient({
    accessKeyId: decodeURIComponent(url.username),
    secretAccessKey: decodeURIComponent(url.password),
    service: "sns",
    region,
    retries: 0,
  });
  const endpoint = url.searchParams.get("endpoint") ?? `https://sns.${region}.amazonaws.com/`;
  const sender = url.searchParams.get("sender");
  return async ({ to, text }) => {
    const body = new URLSearchParams({ Action: "Publish", Version: "2010-03-31", PhoneNumber: to, Message: text });
    const attributes = [
      ["AWS.SNS.SMS.SMSType", "Transactional"],
      ...(sender === null ? [] : [["AWS.SNS.SMS.SenderID", sender]]),
    ];
    for (const [index, [name = "", value = ""]] of attributes.entries()) {
      const entry = `MessageAttributes.entry.${String(index + 1)}`;
      body.set(`${entry}.Name`, name);
      body.set(`${entry}.Value.DataType`, "String");
      body.set(`${entry}.Value.StringValue`, value);
    }
    const headers = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
    const signed = await client.sign(endpoint, { method: "POST", headers, body: body.toString() });
    return { address: endpoint, init: { method: "POST", headers: signed.headers, body: body.toString() } };
  };
}

function plain(url: URL): (message: Message) => Promise<Prepared> {
  const headers = { "content-type": "application/json" };
  return ({ to, text }) =>
    Promise.resolve({ address: url.href, init: { method: "POST", headers, body: JSON.stringify({ to, text }) } });
}

/** Only beside a test is a provider on this machine, and then without a certificate. */
function schemeFor(hostname: string): string {
  return hostname === "127.0.0.1" || hostname === "localhost" ? "http:" : "https:";
}

function outcomeOf(status: number): Sent {
  if (status >= 200 && status < 300) return { outcome: "sent" };
  if (status >= SERVER_FAULT_FROM) return { outcome: "unknown" };
  return { outcome: "refused", reason: `sms_${String(status)}`, permanent: status !== TOO_MANY };
}

function troubleOf(error: unknown): Sent {
  const cause = error instanceof Error ? error.cause : undefined;
  const code: unknown = cause instanceof Error ? Reflect.get(cause, "code") : undefined;
  return typeof code === "string" && NEVER_CONNECTED.has(code)
    ? { outcome: "refused", reason: code.toLowerCase(), permanent: false }
    : { outcome: "unknown" };
}
