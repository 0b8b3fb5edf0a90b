import { connect } from "node:net";
import type { Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { readAnswers } from "./answers.ts";

/** Connections to one address that are kept: a storm sends hundreds of thousands of deliveries to it. */
export type Lines = {
  /** Sends a whole request. Gives the status, or null when none came: no connection, one that broke, or none in time. */
  post(message: string): Promise<number | null>;
  /** Breaks all connections. */
  close(): void;
};

type Letter = { readonly message: string; readonly answered: (status: number | null) => void };
type Line = { readonly socket: Socket; readonly open: Letter[]; unread: Buffer };

/** Shopify waits one second for the connection and five in all. */
const TIMEOUT_MS = 5_000;
/** Shorter than the five seconds that Node waits by default before it closes an idle connection. */
const IDLE_MS = 4_000;
const LINES_MAX = 16;
/** What comes up in one moment goes out in one write, a few requests behind each other on a connection. */
const LETTERS_PER_LINE = 4;

/** Makes lines to an origin, "http://localhost:3000"; none is open yet. */
export function createLines(origin: string): Lines {
  const { protocol, hostname, port } = new URL(origin);
  const isTls = protocol === "https:";
  const address = { host: hostname, port: port === "" ? (isTls ? 443 : 80) : Number(port) };
  const lines = new Set<Line>();
  const idle: Line[] = [];
  const waiting: Letter[] = [];
  let isPlanned = false;

  function plan(): void {
    if (isPlanned) return;
    isPlanned = true;
    setImmediate(flush);
  }

  function flush(): void {
    isPlanned = false;
    while (waiting.length > 0) {
      const line = idle.pop() ?? (lines.size < LINES_MAX ? open() : null);
      if (line === null) return;
      const letters = waiting.splice(0, LETTERS_PER_LINE);
      line.open.push(...letters);
      line.socket.setTimeout(TIMEOUT_MS);
      line.socket.write(letters.map(({ message }) => message).join(""));
    }
  }

  function open(): Line {
    const socket = isTls ? connectTls({ ...address, servername: hostname }) : connect(address);
    socket.setNoDelay(true);
    const line: Line = { socket, open: [], unread: Buffer.alloc(0) };
    lines.add(line);
    socket.on("data", (chunk: Buffer) => hear(line, chunk));
    socket.on("timeout", () => socket.destroy());
    socket.on("error", () => socket.destroy());
    socket.on("close", () => hangUp(line));
    return line;
  }

  function hear(line: Line, chunk: Buffer): void {
    const bytes = line.unread.length === 0 ? chunk : Buffer.concat([line.unread, chunk]);
    const { statuses, read } = readAnswers(bytes);
    line.unread = read === bytes.length ? Buffer.alloc(0) : bytes.subarray(read);
    for (const status of statuses) line.open.shift()?.answered(status);
    if (line.open.length > 0 || statuses.length === 0) return;
    line.socket.setTimeout(IDLE_MS);
    idle.push(line);
    if (waiting.length > 0) plan();
  }

  function hangUp(line: Line): void {
    lines.delete(line);
    const at = idle.indexOf(line);
    if (at >= 0) idle.splice(at, 1);
    for (const { answered } of line.open.splice(0)) answered(null);
    if (waiting.length > 0) plan();
  }

  return {
    post: (message) =>
      new Promise((resolve) => {
        waiting.push({ message, answered: resolve });
        plan();
      }),
    close() {
      for (const { answered } of waiting.splice(0)) answered(null);
      for (const { socket } of lines) socket.destroy();
    },
  };
}
