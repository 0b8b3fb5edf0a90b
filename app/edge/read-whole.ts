import type { IncomingMessage } from "node:http";

/**
 * Reads a body to its end, as the bytes that came.
 *
 * @param bytesMax What is longer is not read on: the rest stays unread, so the connection has to be closed.
 * @param done Called once: with the bytes, or with null as soon as there are too many. Never when the sender breaks off,
 * since nobody is there to be answered.
 */
export function readWhole(request: IncomingMessage, bytesMax: number, done: (body: Buffer | null) => void): void {
  let chunks: Buffer[] = [];
  let bytes = 0;
  const finish = (body: Buffer | null): void => {
    // The listeners live as long as the request, which waits for its answer long after its body was of use.
    chunks = [];
    request.off("data", take);
    request.off("end", end);
    done(body);
  };
  const take = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes > bytesMax) finish(null);
    else chunks.push(chunk);
  };
  const end = (): void => {
    const [only] = chunks;
    finish(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks));
  };
  if (Number(request.headers["content-length"] ?? 0) > bytesMax) done(null);
  else request.on("data", take).on("end", end);
}
