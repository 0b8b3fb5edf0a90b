import { createTransport } from "nodemailer";
import type { MailSender } from "#app/usecases/ports.ts";

const TIMEOUT_MS = 15_000;
/** Errors of the time before a mail is handed over. */
const NOT_HANDED_OVER = new Set(["EDNS", "EAUTH", "ETLS", "EENVELOPE"]);
const NEVER_CONNECTED = new Set([
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "CONNECT_TIMEOUT",
  "GREETING_TIMEOUT",
]);
const PERMANENT_FROM = 500;

/**
 * Sends mail by SMTP, one connection a mail. What the server did with it is judged strictly: only a reply of refusal, or an
 * error from before the mail was handed over, means that nobody got it.
 *
 * @param options.smtpUrl smtp:// or smtps:// with the credentials in it; undefined when no mail is set up.
 * @param options.timeoutMs how long it waits for the server at each step
 */
export function createMailSender(options: { smtpUrl: string | undefined; timeoutMs?: number }): MailSender {
  const { timeoutMs = TIMEOUT_MS } = options;
  if (options.smtpUrl === undefined)
    return { send: () => Promise.resolve({ outcome: "refused", reason: "mail_not_set_up", permanent: true }) };
  const transport = createTransport({
    url: options.smtpUrl,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send(mail) {
      try {
        await transport.sendMail({ ...mail, headers: { ...mail.headers } });
        return { outcome: "sent" };
      } catch (error) {
        return outcomeOf(error);
      }
    },
  };
}

function outcomeOf(error: unknown): Awaited<ReturnType<MailSender["send"]>> {
  const responseCode = fieldOf(error, "responseCode");
  if (typeof responseCode === "number")
    return { outcome: "refused", reason: `smtp_${responseCode}`, permanent: responseCode >= PERMANENT_FROM };
  const code = fieldOf(error, "code");
  const original = fieldOf(error, "originalCode") ?? fieldOf(error, "timeoutType");
  if (typeof code === "string" && NOT_HANDED_OVER.has(code))
    return { outcome: "refused", reason: code.toLowerCase(), permanent: code === "EENVELOPE" };
  if (typeof original === "string" && NEVER_CONNECTED.has(original))
    return { outcome: "refused", reason: original.toLowerCase(), permanent: false };
  return { outcome: "unknown" };
}

function fieldOf(error: unknown, name: string): unknown {
  return error instanceof Error ? Reflect.get(error, name) : undefined;
}
