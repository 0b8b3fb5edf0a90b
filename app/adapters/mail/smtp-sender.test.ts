import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { SMTPServer } from "smtp-server";
import type { SMTPServerOptions } from "smtp-server";
import { expect, onTestFinished, test } from "vitest";
import { createMailSender } from "./smtp-sender.ts";

const mail = {
  to: "dan@example.com",
  from: "FreshBox <hello@freshbox.example>",
  subject: "A thank-you",
  text: "Hello",
  html: "<p>Hello</p>",
  headers: { "List-Unsubscribe": "<https://goodword.example/unsubscribe/t>" },
};

async function startServer(options: SMTPServerOptions): Promise<string> {
  const server = new SMTPServer({ authOptional: true, disabledCommands: ["STARTTLS"], logger: false, ...options });
  server.on("error", () => undefined); // a client that hangs up is part of these tests
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
      }),
  );
  const { port } = server.server.address() as AddressInfo; // a listening TCP server has one
  return `smtp://127.0.0.1:${port}`;
}

function refusal(message: string, responseCode: number): Error {
  return Object.assign(new Error(message), { responseCode });
}

test("a mail that the server took is sent, with its headers", async () => {
  let received = "";
  const smtpUrl = await startServer({
    onData(stream, _session, done) {
      stream.on("data", (chunk: Buffer) => (received += chunk.toString()));
      stream.on("end", () => done());
    },
  });
  expect(await createMailSender({ smtpUrl }).send(mail)).toEqual({ outcome: "sent" });
  expect(received).toContain("List-Unsubscribe: <https://goodword.example/unsubscribe/t>");
  expect(received).toContain("To: dan@example.com");
});

test("an address that does not exist is refused for good", async () => {
  const smtpUrl = await startServer({ onRcptTo: (_address, _session, done) => done(refusal("no such user", 550)) });
  expect(await createMailSender({ smtpUrl }).send(mail)).toEqual({
    outcome: "refused",
    reason: "smtp_550",
    permanent: true,
  });
});

test("a busy server is asked again", async () => {
  const smtpUrl = await startServer({ onMailFrom: (_address, _session, done) => done(refusal("busy", 451)) });
  expect(await createMailSender({ smtpUrl }).send(mail)).toEqual({
    outcome: "refused",
    reason: "smtp_451",
    permanent: false,
  });
});

test("a server that cannot be reached got nothing", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // a listening TCP server has one
  await new Promise((resolve) => server.close(resolve));
  const sent = await createMailSender({ smtpUrl: `smtp://127.0.0.1:${port}` }).send(mail);
  expect(sent).toEqual({ outcome: "refused", reason: "econnrefused", permanent: false });
});

/** A server that takes the mail's last line and hangs up without a word. */
async function startSilentServer(): Promise<string> {
  const server = createServer((socket) => {
    let isData = false;
    socket.on("error", () => undefined); // the client may be the first to hang up
    socket.write("220 silent\r\n");
    socket.on("data", (chunk) => {
      const text = chunk.toString();
      if (isData) {
        if (text.endsWith("\r\n.\r\n")) socket.destroy();
      } else if (text.startsWith("DATA")) {
        isData = true;
        socket.write("354 go on\r\n");
      } else {
        socket.write("250 ok\r\n");
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo; // a listening TCP server has one
  return `smtp://127.0.0.1:${port}`;
}

test("a connection that breaks after the mail was handed over leaves the outcome unknown", async () => {
  const smtpUrl = await startSilentServer();
  expect(await createMailSender({ smtpUrl }).send(mail)).toEqual({ outcome: "unknown" });
});

test("without a mail server every mail is refused", async () => {
  expect(await createMailSender({ smtpUrl: undefined }).send(mail)).toMatchObject({
    outcome: "refused",
    permanent: true,
  });
});
