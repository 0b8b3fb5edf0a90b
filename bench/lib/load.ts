import { fork } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A request as it goes over the wire. `freshId`: 36 characters of a header that are written anew each time. */
export type PreparedRequest = {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly freshId: string | null;
};

export type LoadOrder = {
  readonly port: number;
  readonly connections: number;
  /** A run ends after so long; null: when every request was sent once. */
  readonly seconds: number | null;
  /** Requests begun in a second; null: as fast as answers come. */
  readonly perSecond: number | null;
  readonly requestsPath: string;
};

/** What a run saw; times in ms, of requests answered after the warm-up and before the end. */
export type LoadReport = {
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** Requests answered in all, the warm-up too. */
  readonly all: number;
  readonly statuses: Readonly<Record<string, number>>;
};

export type LoadGenerator = {
  /** Sends requests over so many connections, as fast as they are answered. @throws when an answer has another status */
  run(load: {
    port: number;
    connections: number;
    seconds: number;
    requests: readonly PreparedRequest[];
    status: number;
  }): Promise<LoadReport>;
  /** Sends each request once, at a pace or as fast as they are answered. @throws when an answer has another status */
  sendOnce(load: {
    port: number;
    connections: number;
    perSecond: number | null;
    requests: readonly PreparedRequest[];
    status: number;
  }): Promise<LoadReport>;
  close(): void;
};

/** Starts the load generator as a process of its own. */
export function startLoadGenerator(home: string): LoadGenerator {
  const child = fork(join(import.meta.dirname, "generator.ts"), {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    serialization: "advanced",
  });
  const requestsPath = join(home, "requests.json");
  async function send(
    requests: readonly PreparedRequest[],
    status: number,
    order: Omit<LoadOrder, "requestsPath">,
  ): Promise<LoadReport> {
    writeFileSync(requestsPath, JSON.stringify(requests));
    const report = await new Promise<LoadReport>((resolve, reject) => {
      const onExit = (): void => reject(new Error("the load generator ended"));
      child.once("exit", onExit);
      child.once("message", (message) => {
        child.off("exit", onExit);
        resolve(message as LoadReport); // sent by generator.ts
      });
      child.send({ ...order, requestsPath });
    });
    const others = Object.keys(report.statuses).filter((seen) => seen !== String(status));
    if (others.length > 0) throw new Error(`answers other than ${status}: ${JSON.stringify(report.statuses)}`);
    return report;
  }
  return {
    run: ({ requests, status, ...order }) => send(requests, status, { ...order, perSecond: null }),
    sendOnce: ({ requests, status, ...order }) => send(requests, status, { ...order, seconds: null }),
    close() {
      child.kill();
      rmSync(requestsPath, { force: true });
    },
  };
}
