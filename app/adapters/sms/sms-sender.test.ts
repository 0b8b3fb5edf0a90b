import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { createSmsSender } from "./sms-sender.ts";

type Seen = { readonly path: string; readonly headers: Record<string, unknown>; readonly body: string };
const MESSAGE = { to: "+447700900123", text: "FreshBox: thank you & £10 off" };

/** A provider that answers with one status and keeps what it was sent. */
async function startProvider(status: number) {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      seen.push({ path: request.url ?? "", headers: request.headers, body });
      response.writeHead(status).end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return { seen, close, host: `127.0.0.1:${String(typeof address === "object" ? (address?.port ?? 0) : 0)}` };
}

test("Twilio is sent a form with basic authorisation, to the account's own address", async () => {
  const { seen, host } = await startProvider(201);
  const sender = createSmsSender(`twilio://AC123:to%2Fken@${host}?from=%2B447700900000`);
  expect(await sender?.send(MESSAGE)).toEqual({ outcome: "sent" });
  const [request] = seen;
  expect(request?.path).toBe("/2010-04-01/Accounts/AC123/Messages.json");
  expect(request?.headers["authorization"]).toBe(`Basic ${Buffer.from("AC123:to/ken").toString("base64")}`);
  expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
    To: MESSAGE.to,
    From: "+447700900000",
    Body: MESSAGE.text,
  });
});

test("SNS is sent a signed request to publish, with the sender's name", async () => {
  const { seen, host } = await startProvider(200);
  const endpoint = encodeURIComponent(`http://${host}/`);
  const sender = createSmsSender(`sns://AKIA:se%2Fcret@eu-west-1?sender=FreshBox&endpoint=${endpoint}`);
  expect(await sender?.send(MESSAGE)).toEqual({ outcome: "sent" });
  const [request] = seen;
  expect(request?.headers["authorization"]).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIA\/\d{8}\/eu-west-1\/sns\/aws4_request/,
  );
  const sent = Object.fromEntries(new URLSearchParams(request?.body));
  expect(sent).toMatchObject({ Action: "Publish", PhoneNumber: MESSAGE.to, Message: MESSAGE.text });
  expect(Object.values(sent)).toContain("FreshBox");
});

test.each([
  [400, { outcome: "refused", reason: "sms_400", permanent: true }],
  [401, { outcome: "refused", reason: "sms_401", permanent: true }],
  [429, { outcome: "refused", reason: "sms_429", permanent: false }],
  [500, { outcome: "unknown" }],
])("a provider that answers %d", async (status, outcome) => {
  const { host } = await startProvider(status);
  expect(await createSmsSender(`http://${host}/sms`)?.send(MESSAGE)).toEqual(outcome);
});

test("a provider that is not there got nothing; one whose answer was cut off may have it", async () => {
  const { host, close } = await startProvider(200);
  await close();
  expect(await createSmsSender(`http://${host}/sms`)?.send(MESSAGE)).toMatchObject({
    outcome: "refused",
    permanent: false,
  });
  const cut = () => Promise.reject(new TypeError("terminated"));
  expect(await createSmsSender(`http://${host}/sms`, cut)?.send(MESSAGE)).toEqual({ outcome: "unknown" });
});

test("without an address nothing is sent", () => {
  expect(createSmsSender(undefined)).toBeNull();
});
