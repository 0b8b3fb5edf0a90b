// The fast part of the tests, for every commit: no server, no browser.
import { conclude, runSteps, runVitest, STATIC_STEPS, total } from "./lib/steps.ts";

const checks = await runSteps(STATIC_STEPS);
const unit = await runVitest("unit tests", ["--config", "vitest.unit.config.ts"]);
conclude(total([checks, unit]));
