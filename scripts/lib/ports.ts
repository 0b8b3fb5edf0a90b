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

/** Ports that browsers and fetch refuse to speak HTTP on (fetch.spec.whatwg.org, "bad port"), as far as a demo could meet them. */
const REFUSED_BY_BROWSERS = new Set([
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
]);

/** @returns the ports of the block that no browser would open */
export function portsRefused(ports: Ports): number[] {
  return Object.values(ports).filter((port) => REFUSED_BY_BROWSERS.has(port));
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
