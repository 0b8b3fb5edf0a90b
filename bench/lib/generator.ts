// The load generator: a process of its own that sends prepared requests over kept-alive connections, each connection
// one request at a time, as fast as answers come. It does as little as it can, since it shares the cores.
import { connect } from "node:net";
import type { Socket } from "node:net";
import { readFileSync } from "node:fs";
import type { LoadOrder, LoadReport, PreparedRequest } from "./load.ts";
import { percentile } from "./stats.ts";

const WARM_UP_MS = 700;
/** Requests that each connection takes in turn; their sum over all connections is the variety of a run. */
const REQUESTS_PER_CONNECTION = 8;
const ID_LENGTH = 36;
const HEAD_END = Buffer.from("\r\n\r\n");

type Wire = { readonly bytes: Buffer; readonly idAt: number };

process.on("message", (order: LoadOrder) => {
  void run(order).then((report) => process.send?.(report));
});

async function run(order: LoadOrder): Promise<LoadReport> {
  const requests = JSON.parse(readFileSync(order.requestsPath, "utf8")) as PreparedRequest[]; // written by load.ts
  const latencies: number[] = [];
  const statuses: Record<string, number> = {};
  const startedAt = performance.now();
  const countsFrom = startedAt + (order.seconds === null ? 0 : WARM_UP_MS);
  const endsAt = order.seconds === null ? Infinity : countsFrom + order.seconds * 1_000;
  let all = 0;
  const seen = (status: string, sentAt: number): boolean => {
    const now = performance.now();
    all += 1;
    statuses[status] = (statuses[status] ?? 0) + 1;
    if (now >= countsFrom && now <= endsAt) latencies.push(now - sentAt);
    return now < endsAt;
  };
  const connections = Array.from({ length: order.connections }, (_, index) =>
    drive(
      order,
      { wires: wiresOf(requests, index, order), turnAt: (turn) => turnAt(order, startedAt, index, turn) },
      seen,
    ),
  );
  await Promise.all(connections);
  const seconds = order.seconds ?? (performance.now() - startedAt) / 1_000;
  const at = (share: number): number => percentile(latencies, share);
  return { perSecond: latencies.length / seconds, p50: at(0.5), p95: at(0.95), p99: at(0.99), all, statuses };
}

/** Each connection writes into bytes of its own: what another is still sending must not change under it. */
function wiresOf(requests: readonly PreparedRequest[], connection: number, order: LoadOrder): Wire[] {
  const { connections } = order;
  const count =
    order.seconds === null
      ? Math.ceil((requests.length - connection) / connections)
      : Math.min(REQUESTS_PER_CONNECTION, requests.length);
  return Array.from({ length: Math.max(0, count) }, (_, turn) => {
    const request = requests[(connection + turn * connections) % requests.length];
    if (request === undefined) throw new Error("there is no request to send");
    const lines = Object.entries({ host: `127.0.0.1:${order.port}`, ...request.headers }).map(
      ([name, value]) => `${name}: ${value}`,
    );
    const head = `${request.method} ${request.path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
    return {
      bytes: Buffer.from(head + request.body),
      idAt: request.freshId === null ? -1 : head.indexOf(request.freshId),
    };
  });
}

/** When a connection sends its next request, so that all of them together keep the pace. */
function turnAt(order: LoadOrder, startedAt: number, connection: number, turn: number): number {
  return order.perSecond === null ? 0 : startedAt + ((turn * order.connections + connection) * 1_000) / order.perSecond;
}

let ids = 0;
/** Drawn at the start, so that no two runs send the same id. */
const RUN = crypto.randomUUID().slice(0, 24);

type Script = { readonly wires: readonly Wire[]; readonly turnAt: (turn: number) => number };

function drive(
  order: LoadOrder,
  { wires, turnAt: dueAt }: Script,
  seen: (status: string, sentAt: number) => boolean,
): Promise<void> {
  if (wires.length === 0) return Promise.resolve();
  const turns = order.seconds === null ? wires.length : Infinity;
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ port: order.port, host: "127.0.0.1", noDelay: true });
    let turn = 0;
    let sentAt = 0;
    let received: Buffer = Buffer.alloc(0);
    const send = (): void => {
      const wire = wires[turn++ % wires.length];
      if (wire === undefined) return;
      if (wire.idAt >= 0)
        wire.bytes.write((RUN + (ids++).toString(16).padStart(12, "0")).slice(0, ID_LENGTH), wire.idAt, "latin1");
      sentAt = performance.now();
      socket.write(wire.bytes);
    };
    const sendInTurn = (): void => {
      const waitMs = dueAt(turn) - performance.now();
      if (waitMs > 1) setTimeout(send, waitMs);
      else send();
    };
    socket.on("connect", sendInTurn);
    socket.on("data", (chunk) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      const status = statusOfWhole(received);
      if (status === null) return;
      received = Buffer.alloc(0);
      if (!seen(status, sentAt) || turn >= turns) socket.end();
      else sendInTurn();
    });
    socket.on("close", () => resolve());
    socket.on("error", reject);
  });
}

/** The status of an answer that is here in full; null while bytes are missing. */
function statusOfWhole(answer: Buffer): string | null {
  const headEnd = answer.indexOf(HEAD_END);
  if (headEnd === -1) return null;
  const head = answer.toString("latin1", 0, headEnd);
  const status = head.slice(9, 12);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) return answer.length >= headEnd + 4 + Number(length) ? status : null;
  if (!/\r\ntransfer-encoding: *chunked/i.test(head)) return status;
  return answer.toString("latin1", answer.length - 5) === "0\r\n\r\n" ? status : null;
}
