export const FAULT_KINDS = [
  "latency",
  "timeout_after_apply",
  "5xx",
  "429",
  "throttled",
  "reset",
  "refresh_response_lost",
  "not_found",
  "401",
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export type Fault = {
  /** "*", "graphql", "graphql:{root field}", "oauth", "oauth:refresh", "oauth:exchange". */
  readonly route: string;
  readonly kind: FaultKind;
  /** Share of matching requests that are hit, 0 to 1. */
  readonly rate: number;
  /** How many requests it still hits; null: no end. */
  left: number | null;
  /** For latency and time-outs. */
  readonly ms: number;
};

/** The faults that are switched on. */
export type FaultBoard = {
  add(fault: {
    route: string;
    kind: FaultKind;
    rate?: number | undefined;
    count?: number | undefined;
    ms?: number | undefined;
  }): void;
  clear(): void;
  list(): readonly Readonly<Fault>[];
  /** How many requests each kind has hit since the start. */
  struck(): Readonly<Partial<Record<FaultKind, number>>>;
  /** Picks the fault that hits a request with these labels, and counts it. */
  pick(labels: readonly string[]): Fault | null;
};

const TIMEOUT_MS = 30_000;
const LATENCY_MS = 1_000;

/** Makes an empty board. `random` gives 0 to 1. */
export function createFaultBoard(random: () => number = Math.random): FaultBoard {
  let faults: Fault[] = [];
  const struck: Partial<Record<FaultKind, number>> = {};
  return {
    add({ route, kind, rate, count, ms }) {
      faults.push({
        route,
        kind,
        rate: rate ?? 1,
        left: count ?? null,
        ms: ms ?? (kind === "latency" ? LATENCY_MS : TIMEOUT_MS),
      });
    },
    clear() {
      faults = [];
    },
    list: () => faults,
    struck: () => struck,
    pick(labels) {
      const hit = faults.find((fault) => matches(fault, labels) && random() < fault.rate);
      if (hit === undefined) return null;
      struck[hit.kind] = (struck[hit.kind] ?? 0) + 1;
      if (hit.left !== null) {
        hit.left -= 1;
        if (hit.left <= 0) faults = faults.filter((fault) => fault !== hit);
      }
      return hit;
    },
  };
}

function matches(fault: Fault, labels: readonly string[]): boolean {
  if (fault.kind === "refresh_response_lost") return labels.includes("oauth:refresh");
  return fault.route === "*" || labels.includes(fault.route);
}
