import { SMTPServer } from "smtp-server";
import { createMailSender } from "../../app/adapters/mail/smtp-sender.ts";

type Trouble = {
  readonly name: string;
  /** What the server does with the nth mail, from 0. */
  readonly does: (nth: number) => "take" | "hang" | number;
  /** Where a number is answered. */
  readonly at: "sender" | "recipient" | "data";
  readonly expected: readonly string[];
};

const TIMEOUT_MS = 400;

/** A server that refuses, one that wants a second try, one that says nothing, one that knows no such address. */
const TROUBLES: readonly Trouble[] = [
  { name: "refusing", does: () => 554, at: "sender", expected: ["refused for good"] },
  {
    name: "greylisting",
    does: (nth) => (nth === 0 ? 451 : "take"),
    at: "recipient",
    expected: ["refused for now", "sent"],
  },
  { name: "hanging", does: () => "hang", at: "data", expected: ["unknown"] },
  { name: "bounce", does: () => 550, at: "recipient", expected: ["refused for good"] },
  { name: "full mailbox", does: () => 452, at: "data", expected: ["refused for now"] },
];

const MAIL = {
  to: "mara@mail.example",
  from: "FreshBox <hello@freshbox.example>",
  subject: "A thank-you",
  text: "Thanks",
  html: "<p>Thanks</p>",
  headers: {},
};

/** Sends mail to servers in trouble. @returns what was not as it must be, and how many sends there were */
export async function troubledMails(): Promise<{ attempted: number; faults: string[] }> {
  const faults: string[] = [];
  let attempted = 0;
  for (const trouble of TROUBLES) {
    const taken: string[] = [];
    const { port, close } = await startTroubled(trouble, taken);
    const sender = createMailSender({ smtpUrl: `smtp://127.0.0.1:${String(port)}`, timeoutMs: TIMEOUT_MS });
    for (const [nth, expected] of trouble.expected.entries()) {
      attempted += 1;
      const sent = await sender.send(MAIL);
      const said = sent.outcome === "refused" ? `refused ${sent.permanent ? "for good" : "for now"}` : sent.outcome;
      if (said !== expected) faults.push(`${trouble.name} ${String(nth)}: ${said}, not ${expected}`);
      if ((said === "sent") !== taken.length > 0)
        faults.push(`${trouble.name}: ${said}, but taken ${String(taken.length)} times`);
    }
    await close();
  }
  return { attempted, faults };
}

function startTroubled(trouble: Trouble, taken: string[]): Promise<{ port: number; close: () => Promise<void> }> {
  let mails = 0;
  const answer = (at: Trouble["at"], done: (error?: Error | null) => void): void => {
    if (at !== trouble.at) return done();
    const does = trouble.does(mails);
    mails += 1;
    if (does === "take") return done();
    if (does === "hang") return;
    done(Object.assign(new Error("not now"), { responseCode: does }));
  };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    logger: false,
    closeTimeout: 200,
    onMailFrom: (_address, _session, done) => answer("sender", done),
    onRcptTo: (_address, _session, done) => answer("recipient", done),
    onData(stream, _session, done) {
      stream.resume();
      stream.on("end", () =>
        answer("data", (error) => {
          if (!error) taken.push("mail");
          done(error);
        }),
      );
    },
  });
  // A client that gave up closes its connection under the server: that is what this is about.
  server.on("error", () => undefined);
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      resolve({ port, close: () => new Promise((closed) => server.close(() => closed())) });
    });
  });
}
