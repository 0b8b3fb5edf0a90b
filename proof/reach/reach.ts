import { statusOf } from "../journey/actors.ts";
import { control, expectThat, settle } from "../journey/http.ts";
import type { Proof, ProofOptions, ProofReport } from "../lib/proof.ts";
import { withTestBed } from "../lib/test-bed.ts";
import type { TestBed } from "../lib/test-bed.ts";
import { createObserver } from "../oracle/observer.ts";
import { readEndings } from "./ending.ts";
import type { Ending } from "./ending.ts";
import type { Pause, ReachPath } from "./path.ts";
import { PATHS } from "./paths.ts";
import { openStage } from "./stage.ts";
import type { Stage } from "./stage.ts";

/** Paths that are on their way at once; each has a shop of its own. */
const AT_ONCE = 8;
const ROUNDS_MAX = 12;
/** A little over the window that every shop starts with. */
const A_MONTH = "P30DT2M";

type Run = {
  readonly path: ReachPath;
  stage: Stage | null;
  play: AsyncGenerator<Pause, void> | null;
  at: Pause | "over";
  fault: string | null;
};
type Judged = { readonly run: Run; readonly ending: Ending; readonly fault: string | null };

/** Every way to come to a shop and buy that the domain speaks of, each against the referrer or the reason it must end with. */
export const reach: Proof = {
  name: "reach",
  about: "every way from a link to an order ends with the documented referrer, or the documented reason",
  least: { paths: 32, credited: 16, reasons: 8, carriers: 6 },
  run: (options) =>
    withTestBed({ name: "reach", firstPort: options.firstPort, redis: false, say: options.say }, (bed) =>
      playAll(bed, options),
    ),
};

async function playAll(bed: TestBed, options: ProofOptions): Promise<ProofReport> {
  const observer = createObserver(bed.databaseUrl);
  try {
    const runs = PATHS.map((path): Run => ({ path, stage: null, play: null, at: "settled", fault: null }));
    await eachAtOnce(runs, async (run) => {
      run.stage = await openStage(bed.target, observer, run.path.name, run.path.setting);
      run.play = run.path.play(run.stage);
    });
    await playRounds(bed, runs);
    const endingOf = await readEndings(observer);
    const judged: Judged[] = [];
    for (const run of runs) judged.push(await judge(run, endingOf(run.stage?.shop.domain ?? "")));
    for (const one of judged) options.say(lineOf(one));
    return reportOn(judged);
  } finally {
    await observer.close();
  }
}

/** Plays all paths up to their next pause, waits for everybody, and so on; time moves once nobody has anything else to do. */
async function playRounds({ target }: TestBed, runs: readonly Run[]): Promise<void> {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    await settle(target);
    const next = (["settled", "a_month_later"] as const).find((pause) => runs.some(({ at }) => at === pause));
    if (next === undefined) return;
    if (next === "a_month_later") {
      await control(target, "POST", "clock", { advance: A_MONTH });
      await settle(target);
    }
    await eachAtOnce(
      runs.filter(({ at }) => at === next),
      async (run) => {
        const step = await run.play?.next();
        run.at = step === undefined || step.done === true ? "over" : step.value;
      },
    );
  }
  throw new Error(`some path is not over after ${ROUNDS_MAX} rounds`);
}

/** What goes wrong in a path ends that path alone. */
async function eachAtOnce(runs: readonly Run[], act: (run: Run) => Promise<void>): Promise<void> {
  const waiting = [...runs];
  const work = async (): Promise<void> => {
    for (let run = waiting.shift(); run !== undefined; run = waiting.shift()) {
      try {
        await act(run);
      } catch (error) {
        run.fault = error instanceof Error ? error.message : String(error);
        run.at = "over";
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** A referrer who is credited must see it too, by the customer's own API. */
async function judge(run: Run, ending: Ending): Promise<Judged> {
  const { path, stage } = run;
  if (stage === null || run.fault !== null) return { run, ending, fault: run.fault ?? "the shop did not open" };
  try {
    const owner = path.ends === "eve" ? "eve" : "dan";
    const isEves = ending.isCredited && ending.ended !== stage.code;
    const ended = ending.isCredited ? (isEves ? "eve" : "dan") : ending.ended;
    expectThat(ended === path.ends, `ends with ${ended}`);
    expectThat(path.by === undefined || path.by === ending.carrier, `was found by ${String(ending.carrier)}`);
    const missing = (path.losers ?? []).filter((reason) => !ending.losers.includes(reason));
    expectThat(missing.length === 0, `no tap lost by ${missing.join(", ")}, only by ${ending.losers.join(", ")}`);
    const { referrals } = await statusOf(stage.shop, stage.dan);
    const sees = referrals.some(({ state }) => state !== "REJECTED" && state !== "EXPIRED" && state !== "VOIDED");
    expectThat(sees === (owner === "dan" && ending.isCredited), "Dan's own page says something else", referrals);
    return { run, ending, fault: null };
  } catch (error) {
    return { run, ending, fault: error instanceof Error ? error.message : String(error) };
  }
}

function lineOf({ run, ending, fault }: Judged): string {
  const { name, ends, about } = run.path;
  const how = ending.carrier === null ? ends : `${ends} by ${ending.carrier}`;
  return `  ${fault === null ? "ok  " : "FAIL"} ${name.padEnd(34)}${how.padEnd(26)}${about}${fault === null ? "" : ` [${fault}]`}`;
}

function reportOn(judged: readonly Judged[]): ProofReport {
  const good = judged.filter(({ fault }) => fault === null);
  const credited = good.filter(({ ending }) => ending.isCredited);
  const reasons = good.flatMap(({ ending }) => (ending.isCredited ? ending.losers : [ending.ended, ...ending.losers]));
  return {
    attempted: judged.length,
    violations: judged.length - good.length,
    inconclusive: 0,
    paths: judged.length,
    credited: credited.length,
    reasons: new Set(reasons).size,
    carriers: new Set(credited.map(({ ending }) => ending.carrier)).size,
    table: judged.map(({ run, ending, fault }) => ({
      path: run.path.name,
      ends: run.path.ends,
      by: ending.carrier,
      ok: fault === null,
      ...(fault === null ? {} : { fault }),
    })),
  };
}
