const HEAD_END = "\r\n\r\n";
const CRLF = "\r\n";

/**
 * Reads the statuses of HTTP/1.1 answers that came one behind the other.
 * @returns the status of each answer that is here in full, and up to where the bytes are read
 */
export function readAnswers(bytes: Buffer): { statuses: number[]; read: number } {
  const statuses: number[] = [];
  let read = 0;
  for (;;) {
    const headEnd = bytes.indexOf(HEAD_END, read);
    if (headEnd < 0) return { statuses, read };
    const head = bytes.toString("latin1", read, headEnd);
    const status = Number(head.slice("HTTP/1.1 ".length, "HTTP/1.1 200".length));
    const end = bodyEnd(bytes, headEnd + HEAD_END.length, { head, status });
    if (end === null) return { statuses, read };
    read = end;
    // "Continue" and its like come before the answer.
    if (status >= 200) statuses.push(status);
  }
}

/** Where the body ends that begins at `from`; null while bytes are missing. Webhooks are answered with a length, in chunks or without a body. */
function bodyEnd(bytes: Buffer, from: number, { head, status }: { head: string; status: number }): number | null {
  if (status < 200 || status === 204 || status === 304) return from;
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) return chunksEnd(bytes, from);
  const end = from + Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
  return end <= bytes.length ? end : null;
}

function chunksEnd(bytes: Buffer, from: number): number | null {
  for (let at = from; ;) {
    const lineEnd = bytes.indexOf(CRLF, at);
    if (lineEnd < 0) return null;
    const size = Number.parseInt(bytes.toString("latin1", at, lineEnd), 16);
    // A chunk and the last, empty one alike end with an empty line; trailers, which nobody sends here, would stand before it.
    at = lineEnd + CRLF.length + size + CRLF.length;
    if (!(at <= bytes.length)) return null;
    if (size === 0) return at;
  }
}
