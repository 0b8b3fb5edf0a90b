import { callbackify } from "node:util";
import { simpleParser, type AddressObject } from "mailparser";
import { SMTPServer, type SMTPServerDataStream } from "smtp-server";
import { note, type World } from "../world/world.ts";

export type MailSink = { readonly port: number; close(): Promise<void> };

const keepThen = callbackify(keep);
const MAIL_BYTES_MAX = 5_000_000;

/** Listens for SMTP on loopback and keeps every mail in the world. `port` 0 takes a free one. */
export async function startMailSink(world: World, port: number): Promise<MailSink> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    size: MAIL_BYTES_MAX,
    logger: false,
    onAuth: (auth, _session, done) => done(null, { user: auth.username ?? "anyone" }),
    onData(stream, _session, done) {
      keepThen(world, stream, (error) => done(error));
    },
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function keep(world: World, stream: SMTPServerDataStream): Promise<void> {
  const mail = await simpleParser(stream);
  const headers = mail.headerLines.map(({ key, line }) => [key, line.slice(line.indexOf(":") + 1).trim()] as const);
  world.mails.push({
    at: world.clock.now(),
    from: addresses(mail.from),
    to: addresses(mail.to),
    subject: mail.subject ?? "",
    text: mail.text ?? "",
    html: mail.html === false ? "" : mail.html,
    headers: Object.fromEntries(headers),
  });
  note(world, null, `A mail arrived: ${mail.subject ?? "(no subject)"}`);
}

function addresses(value: AddressObject | AddressObject[] | undefined): string {
  const list = value === undefined ? [] : Array.isArray(value) ? value : [value];
  return list.flatMap((entry) => entry.value.map((mailbox) => mailbox.address ?? "")).join(", ");
}
