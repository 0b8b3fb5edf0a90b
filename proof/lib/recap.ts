import type { ProofOptions, ProofReport } from "./proof.ts";

/** One proof that was run: what it said that was wrong, and its report. */
export type Ran = { readonly name: string; readonly findings: readonly string[]; readonly report: ProofReport };

/** How a proof marks the line of something that broke a promise, and of something that it could not try. */
const FINDING = /^\s*[✗?] /;

/** The same options with a `say` that keeps every finding besides printing it. */
export function listening(options: ProofOptions): { readonly heard: ProofOptions; readonly findings: string[] } {
  const findings: string[] = [];
  const say = (line: string): void => {
    if (FINDING.test(line)) findings.push(line);
    options.say(line);
  };
  return { heard: { ...options, say }, findings };
}

/** Whether nothing was violated and the proof could try hard enough. */
export function isGood({ violations, inconclusive }: ProofReport): boolean {
  return violations === 0 && inconclusive === 0;
}

/** What a proof says that ended with an error instead of a report: it has shown nothing. */
export function brokenReport(error: unknown): ProofReport {
  const threw = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { attempted: 0, violations: 0, inconclusive: 1, threw };
}

/**
 * What went wrong, once more and together, so that the end of a long log says it.
 *
 * @param printed a report's line as it was printed
 * @returns for every proof that failed its name, its findings and its report; nothing when all were good
 */
export function recapOf(ran: readonly Ran[], printed: (one: Ran) => string): readonly string[] {
  const failed = ran.filter(({ report }) => !isGood(report));
  return failed.flatMap((one) => [`${one.name} failed:`, ...one.findings, printed(one)]);
}

/** The sums over all proofs, and which of them failed. */
export function totalOf(ran: readonly Ran[]): ProofReport {
  const sum = (of: "attempted" | "violations" | "inconclusive"): number =>
    ran.reduce((all, { report }) => all + report[of], 0);
  return {
    attempted: sum("attempted"),
    violations: sum("violations"),
    inconclusive: sum("inconclusive"),
    proofs: ran.map(({ name }) => name),
    failed: ran.filter(({ report }) => !isGood(report)).map(({ name }) => name),
  };
}
