import { expect, test } from "vitest";
import { RULES } from "#app/domain/screen/registry.ts";
import type { ScreenSettings } from "#app/domain/screen/screen.ts";
import { createRandom } from "../lib/random.ts";
import { judgePopulation } from "./judge.ts";
import { makePopulation } from "./population.ts";
import { PLAIN_STYLE } from "./style.ts";
import { judged, tally } from "./tally.ts";

const population = makePopulation({ seed: 4, people: 2_500, style: PLAIN_STYLE });
const brokenBy = (settings: ScreenSettings): readonly string[] =>
  judged(tally(judgePopulation(population, { random: createRandom(1), settings })), true).broken;

const OFF: ScreenSettings = Object.fromEntries(RULES.map(({ id }) => [id, { outcome: "none", weight: 0 } as const]));

test("the limits hold with the screen as it is", () => {
  expect(brokenBy({})).toEqual([]);
});

test.each<[string, ScreenSettings, readonly string[]]>([
  ["is switched off as far as it lets itself", OFF, ["fraudOfPaid", "fraudPaid"]],
  ["holds a shared network", { same_network: { outcome: "hold" } }, ["honestHeldOfUnrelated", "honestHeld"]],
  ["blocks a shared address", { same_address: { outcome: "block" } }, ["honestBlocked"]],
])("the proof sees it when the screen %s", (_what, settings, broken) => {
  expect(brokenBy(settings)).toEqual(broken);
});

test("cheats share as many signals as was fixed, and the honest are family as often", () => {
  const cheats = population.attempts.filter(({ truth }) => truth.label === "cheat");
  const share = (signals: number): number =>
    cheats.filter(({ truth }) => Math.min(3, truth.signals) === signals).length / cheats.length;
  for (const [signals, fixed] of [0.1, 0.3, 0.4, 0.2].entries())
    expect(Math.abs(share(signals) - fixed)).toBeLessThan(0.02);
  const honest = population.attempts.filter(({ truth }) => truth.label === "honest");
  const families = honest.filter(({ truth }) => truth.isFamily).length / honest.length;
  expect(Math.abs(families - 0.025)).toBeLessThan(0.015);
});
