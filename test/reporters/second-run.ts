import type { Reporter, TestCase } from "vitest/node";

/**
 * Names every test that passed only when it ran again. In CI a test may run twice, because two cores shared with five
 * servers stall now and then; a test on this list is still a fault to look into, so it is printed, never swallowed.
 */
export default class SecondRunReporter implements Reporter {
  readonly #names: string[] = [];

  onTestCaseResult(testCase: TestCase): void {
    if (testCase.diagnostic()?.flaky === true) this.#names.push(`${testCase.module.moduleId}: ${testCase.fullName}`);
  }

  onTestRunEnd(): void {
    for (const name of this.#names) process.stdout.write(`passed on its second run only: ${name}\n`);
  }
}
