import { createServer } from "node:net";

/** Where each part of a demo listens: one block of ports that `--port` moves as a whole. */
export type Ports = {
  readonly app: number;
  readonly simulator: number;
  readonly smtp: number;
  readonly postgres: number;
};

/** Lays the block out from its first port. */
export function portsFrom(first: number): Ports {
  return { app: first, simulator: first + 1, smtp: first + 2, postgres: first + 3 };
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}

/** @returns the ports of the block that somebody else is using already */
export async function portsInUse(ports: Ports): Promise<number[]> {
  const all = Object.values(ports);
  const free = await Promise.all(all.map(isFree));
  return all.filter((_, index) => free[index] === false);
}
