import { once } from "node:events";
import { createServer } from "node:net";

import type { TestProject } from "vitest/node";

import { startTestCluster, type TestCluster } from "./cluster.ts";

declare module "vitest" {
  // Vitest asks for an interface here: it is merged with its own.
  export interface ProvidedContext {
    /** Loopback port that answers with the template's URL, or with `error:` and why there is none. */
    readonly postgresDeskPort: number;
  }
}

/**
 * Gives every worker a way to ask for PostgreSQL. The server is started by the first one that asks, so a run without
 * database tests starts none; all of them share it.
 *
 * `TEST_DATABASE_URL` (a superuser's) uses a running server, `TEST_POSTGRES_BIN` another installation's programs.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let cluster: Promise<TestCluster> | undefined;
  const start = () =>
    (cluster ??= startTestCluster({
      databaseUrl: process.env["TEST_DATABASE_URL"],
      binDir: process.env["TEST_POSTGRES_BIN"],
    }));

  const desk = createServer((socket) => {
    socket.on("error", () => socket.destroy()); // the worker that asked has gone
    start().then(
      ({ templateUrl }) => socket.end(templateUrl),
      (error: unknown) => socket.end(`error:${error instanceof Error ? error.message : String(error)}`),
    );
  });
  desk.listen(0, "127.0.0.1");
  await once(desk, "listening");
  const address = desk.address();
  if (address === null || typeof address === "string") throw new Error("The desk has no port.");
  project.provide("postgresDeskPort", address.port);

  return async () => {
    desk.close();
    // A cluster that did not start has told the worker that asked for it.
    const started = await cluster?.catch(() => undefined);
    await started?.stop();
  };
}
