/** Keeps away from a service that has been failing. */
export type Circuit = {
  /** Whether a call may be made now; after the rest, one at a time tries. */
  mayCall(): boolean;
  succeeded(): void;
  failed(): void;
};

/**
 * Makes a circuit breaker: after so many failures in a row nothing is called for a while, then one call tries.
 * @param options.nowMs the machine's own clock, which never jumps
 */
export function createCircuit(options: { failuresMax: number; restMs: number; nowMs: () => number }): Circuit {
  let failures = 0;
  let closedUntilMs = 0;
  return {
    mayCall() {
      if (failures < options.failuresMax) return true;
      if (options.nowMs() < closedUntilMs) return false;
      closedUntilMs = options.nowMs() + options.restMs;
      return true;
    },
    succeeded() {
      failures = 0;
    },
    failed() {
      failures += 1;
      if (failures >= options.failuresMax) closedUntilMs = options.nowMs() + options.restMs;
    },
  };
}
