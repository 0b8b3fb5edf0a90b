import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { readAnswers } from "./answers.ts";
import { createLines } from "./lines.ts";

const LENGTH = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nContent-Length: 4\r\n\r\nfine";
const CHUNKED =
  "HTTP/1.1 503 Service Unavailable\r\ntransfer-encoding: chunked\r\n\r\n3\r\nlat\r\n2\r\ner\r\n0\r\n\r\n";
const BARE = "HTTP/1.1 204 No Content\r\n\r\n";
const CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";

test("answers that come behind each other are read in full or not at all, wherever they are cut", () => {
  const whole = Buffer.from(CONTINUE + LENGTH + CHUNKED + BARE + LENGTH);
  expect(readAnswers(whole)).toEqual({ statuses: [200, 503, 204, 200], read: whole.length });
  for (let cut = 0; cut <= whole.length; cut += 1) {
    const first = readAnswers(whole.subarray(0, cut));
    const rest = readAnswers(whole.subarray(first.read));
    expect([...first.statuses, ...rest.statuses]).toEqual([200, 503, 204, 200]);
  }
});

test("answers of any bodies are told apart, however the bytes come", () => {
  const answer = fc.record({ status: fc.constantFrom(200, 401, 500), body: fc.string(), isChunked: fc.boolean() });
  fc.assert(
    fc.property(fc.array(answer, { maxLength: 6 }), fc.integer({ min: 1, max: 60 }), (answers, step) => {
      const bytes = Buffer.from(answers.map(written).join(""));
      const statuses: number[] = [];
      let read = 0;
      for (let upTo = step; upTo < bytes.length + step; upTo += step) {
        const part = readAnswers(bytes.subarray(read, upTo));
        statuses.push(...part.statuses);
        read += part.read;
      }
      expect(statuses).toEqual(answers.map(({ status }) => status));
    }),
  );
});

function written({ status, body, isChunked }: { status: number; body: string; isChunked: boolean }): string {
  const length = Buffer.byteLength(body);
  const chunk = body === "" ? "" : `${length.toString(16)}\r\n${body}\r\n`;
  const rest = isChunked
    ? `transfer-encoding: chunked\r\n\r\n${chunk}0\r\n\r\n`
    : `content-length: ${length}\r\n\r\n${body}`;
  return `HTTP/1.1 ${status} Said\r\n${rest}`;
}

/** A server that hands every connection and what is said on it to the test. */
async function startServer(onData: (socket: Socket, text: string) => void) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined); // breaking connections is what the test does
    socket.on("data", (chunk) => onData(socket, chunk.toString("utf8")));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A server that listens on a port has an address with one.
  const { port } = server.address() as AddressInfo;
  const lines = createLines(`http://127.0.0.1:${port}`);
  onTestFinished(() => {
    lines.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { lines, sockets };
}

test("requests of one moment share connections, and each hears its own answer", async () => {
  const { lines, sockets } = await startServer((socket, text) => {
    for (const [, status] of text.matchAll(/<(\d+)>/g)) socket.write(`HTTP/1.1 ${status}\r\ncontent-length: 0\r\n\r\n`);
  });
  const statuses = Array.from({ length: 40 }, (_, index) => 200 + index);
  expect(await Promise.all(statuses.map((status) => lines.post(`<${status}>`)))).toEqual(statuses);
  expect(sockets.length).toBeLessThan(statuses.length / 2);
  const before = sockets.length;
  expect(await lines.post("<299>")).toBe(299);
  expect(sockets).toHaveLength(before);
});

test("a connection that breaks answers nothing that is open on it, and the next request has a new one", async () => {
  let isBroken = true;
  const { lines } = await startServer((socket) => {
    if (isBroken) return void socket.destroy();
    socket.write(LENGTH);
  });
  expect(await Promise.all([lines.post("one"), lines.post("two")])).toEqual([null, null]);
  isBroken = false;
  expect(await lines.post("three")).toBe(200);
});

test("where nobody listens, a request has no answer", async () => {
  const lines = createLines("http://127.0.0.1:9");
  onTestFinished(() => lines.close());
  expect(await lines.post("hello")).toBeNull();
});

test("what is closed answers what is open with nothing", async () => {
  const { lines } = await startServer(() => undefined);
  const open = lines.post("hello");
  await new Promise((resolve) => setImmediate(resolve));
  lines.close();
  expect(await open).toBeNull();
});
