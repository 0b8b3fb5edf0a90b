import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startTestCluster } from "../../test/harness/cluster.ts";
import { inTurns } from "../lib/in-turns.ts";
import { countFlag } from "../lib/proof.ts";
import type { Proof, ProofOptions, ProofReport } from "../lib/proof.ts";
import { createRandom } from "../lib/random.ts";
import type { ChildReport, ChildTask, Target } from "./child.ts";
import { convergenceOf } from "./convergence.ts";
import { MET } from "./exit-code.ts";
import { instrument, sourcesUnder } from "./instrument.ts";
import type { Instrumented } from "./instrument.ts";
import { workInOneProcess } from "./one-process.ts";
import { CONTROL, ROOMS, STORIES } from "./pipeline.ts";
import type { Story } from "./pipeline.ts";
import { draw, failpointsOf } from "./plan.ts";
import type { Failpoint } from "./plan.ts";
import { clearStage, letCallsEnd, openLane, openQueuesIn, setStage, underFreshIds } from "./world.ts";
import type { Lane, Stage } from "./world.ts";

const CHILD = join(import.meta.dirname, "child.ts");
const CHILD_TIMEOUT_MS = 120_000;
const LANES = 2;
/** What `npm test` draws by its seed, and how many of them it has to meet: one in the middle of a life may fall out. */
const POINTS_SHORT = 10;
const CONVERGED_SHORT = 8;
/** How often a failpoint is waited for. */
const TRIES_MAX = 5;
/** One referral, and a crowd. */
const STORIES_SHORT = 2;

/** Lanes that nobody plays in at the moment, and where the instrumented sources lie. */
type Bench = { readonly folder: string; readonly sourcesFile: string; readonly free: Lane[] };

/** One failpoint, and what became of the referral after the restart. */
type Trial = {
  readonly name: string;
  readonly hasMet: boolean;
  readonly faults: readonly string[];
  readonly notesUnknown: number;
};

/** A process that exits before or after any await between receipt and sent note leaves nothing that a restart does not end. */
export const failpoints: Proof = {
  name: "failpoints",
  about:
    "the process exits before and after every await from receipt to sent note; all ends well after a restart: --points N",
  least: { attempted: POINTS_SHORT, reached: 400, converged: CONVERGED_SHORT, controlSeen: 1 },
  leastFull: { stories: STORIES.length },
  async run(options) {
    const instrumented = instrument(sourcesUnder(ROOMS));
    const folder = await mkdtemp(join(tmpdir(), "goodword-failpoints-"));
    const cluster = await startTestCluster();
    const lanes: Lane[] = [];
    try {
      await openQueuesIn(cluster.templateUrl);
      for (let lane = 0; lane < LANES; lane += 1) lanes.push(await openLane(cluster.templateUrl));
      const sourcesFile = join(folder, "sources.json");
      await writeFile(sourcesFile, JSON.stringify(instrumented.sources));
      const bench = { folder, sourcesFile, free: [...lanes] };
      const control = await tryControl(bench, options);
      return { ...(await playAll(bench, instrumented, options)), ...control };
    } finally {
      await Promise.all(lanes.map((lane) => lane.close()));
      await cluster.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** One failpoint with one guard taken out: what a restart cannot mend must be seen. */
async function tryControl(bench: Bench, { say }: ProofOptions): Promise<{ control: string; controlSeen: number }> {
  const { points, sources } = instrument(sourcesUnder(ROOMS), CONTROL.hunks);
  const point = points.find(({ name }) => name.endsWith(CONTROL.exitsAfter));
  if (point === undefined) throw new Error(`nothing awaits ${CONTROL.exitsAfter}`);
  const sourcesFile = join(bench.folder, "control.json");
  await writeFile(sourcesFile, JSON.stringify(sources));
  const target = { id: point.id, side: "after", occurrence: 1 } as const;
  const failpoint = { story: STORIES[0], target, name: `without "${CONTROL.guard}": after ${point.name}` };
  const { hasMet, faults, name } = await tryFailpoint({ ...bench, sourcesFile }, failpoint);
  const control = `${name}: ${faults.join("; ") || "nothing was seen"}`;
  say(`  control, ${control}`);
  return { control, controlSeen: hasMet && faults.length > 0 ? 1 : 0 };
}

async function playAll(bench: Bench, instrumented: Instrumented, options: ProofOptions): Promise<ProofReport> {
  const { points } = instrumented;
  const stories = options.short ? STORIES.slice(0, STORIES_SHORT) : STORIES;
  const all: Failpoint[] = [];
  const faults: string[] = [];
  for (const story of stories) {
    const whole = await playWhole(bench, story);
    faults.push(...whole.faults);
    const known = new Set(all.map(({ target }) => target.id));
    all.push(...failpointsOf(story, whole.counts, points, (id) => !known.has(id)));
    options.say(`  ${story.name}: comes by ${whole.counts.length} awaits`);
  }
  const wanted = countFlag(options, "points", options.short ? POINTS_SHORT : all.length);
  const chosen = draw(all, wanted, createRandom(options.seed));
  options.say(`  ${chosen.length} of ${all.length} failpoints, in an order of the seed`);
  const trials = await inTurns(LANES, chosen, async (failpoint) => {
    const trial = await tryUntilMet(bench, failpoint);
    options.say(`  ${lineOf(trial)}`);
    return trial;
  });
  return reportOn({ instrumented, all, trials, faults, stories });
}

function lineOf({ name, hasMet, faults }: Trial): string {
  return `${faults.length > 0 ? "✗" : hasMet ? "✓" : "?"} ${name}${faults.length > 0 ? `: ${faults.join("; ")}` : ""}`;
}

/** The story without a failpoint: it must come to its end by itself, and says which awaits there are on its way. */
async function playWhole(
  bench: Bench,
  story: Story,
): Promise<{ counts: ChildReport["counts"]; faults: readonly string[] }> {
  return onStage(bench, story, async (stage) => {
    const { report } = await playChild(bench, stage, null);
    if (report === null) throw new Error(`the story "${story.name}" did not come to its end`);
    const { faults } = await convergenceOf(stage, story);
    return { counts: report.counts, faults: faults.map((fault) => `${story.name}, undisturbed: ${fault}`) };
  });
}

/** What a story comes by may hang on chance, what is told before what: an await that was not met is waited for again. */
async function tryUntilMet(bench: Bench, failpoint: Failpoint): Promise<Trial> {
  for (let tries = 1; ; tries += 1) {
    const trial = await tryFailpoint(bench, failpoint);
    if (trial.hasMet || trial.faults.length > 0 || tries === TRIES_MAX) return trial;
  }
}

async function tryFailpoint(bench: Bench, { story, target, name }: Failpoint): Promise<Trial> {
  return onStage(bench, story, async (stage) => {
    const { exitCode } = await playChild(bench, stage, target);
    await letCallsEnd(stage);
    const { deliveries } = stage.work;
    // Shopify sends again what was not acknowledged, and now and then what was; and some events come twice.
    const restart = { ...stage.work, deliveries: [...deliveries, ...underFreshIds(deliveries)] };
    const { statuses, hasEnded } = await workInOneProcess(restart);
    const { faults, notesUnknown } = await convergenceOf(stage, story);
    const unanswered = statuses.filter((status) => status !== 200).length;
    const seen = [
      ...faults,
      ...(hasEnded ? [] : ["the notes did not end"]),
      ...(unanswered === 0 ? [] : [`${unanswered} deliveries were not acknowledged after the restart`]),
    ];
    return { name, hasMet: exitCode === MET, faults: seen, notesUnknown };
  });
}

async function onStage<Result>(bench: Bench, story: Story, work: (stage: Stage) => Promise<Result>): Promise<Result> {
  const lane = bench.free.pop();
  if (lane === undefined) throw new Error("there are as many lanes as trials at once");
  try {
    const stage = await setStage(lane, story);
    try {
      return await work(stage);
    } finally {
      await clearStage(stage);
    }
  } finally {
    bench.free.push(lane);
  }
}

function playChild(
  { folder, sourcesFile }: Bench,
  stage: Stage,
  target: Target | null,
): Promise<{ exitCode: number; report: ChildReport | null }> {
  const task: ChildTask = { ...stage.work, sourcesFile, target };
  const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, "cache") };
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [CHILD, JSON.stringify(task)],
      { timeout: CHILD_TIMEOUT_MS, env },
      (_error, stdout) => {
        const line = stdout.split("\n").findLast((one) => one.startsWith("{"));
        resolve({ exitCode: child.exitCode ?? 1, report: line === undefined ? null : JSON.parse(line) });
      },
    );
  });
}

function reportOn(run: {
  instrumented: Instrumented;
  all: readonly Failpoint[];
  trials: readonly Trial[];
  faults: readonly string[];
  stories: readonly Story[];
}): ProofReport {
  const { instrumented, all, trials, faults, stories } = run;
  const reachedIds = new Set(all.map(({ target }) => target.id));
  const files = new Set(instrumented.points.filter(({ id }) => reachedIds.has(id)).map(({ file }) => file));
  const onTheWay = instrumented.points.filter(({ file }) => files.has(file));
  const unreached = onTheWay.filter(({ id }) => !reachedIds.has(id)).map(({ name }) => name);
  const met = trials.filter(({ hasMet }) => hasMet);
  const bad = trials.filter((trial) => trial.faults.length > 0);
  return {
    attempted: trials.length,
    violations: bad.length + faults.length,
    // The first time at an await comes again; one in the middle of its life may fall out of a story for good.
    inconclusive: trials.filter(({ hasMet, name }) => !hasMet && !name.includes(", time ")).length,
    files: files.size,
    awaits: onTheWay.length,
    points: 2 * onTheWay.length,
    reached: 2 * reachedIds.size,
    planned: all.length,
    met: met.length,
    converged: met.filter((trial) => trial.faults.length === 0).length,
    notesUnknown: trials.reduce((sum, trial) => sum + trial.notesUnknown, 0),
    stories: stories.length,
    findings: [...faults, ...bad.map(lineOf)],
    notMet: trials.filter(({ hasMet }) => !hasMet).map(({ name }) => name),
    loops: instrumented.loops,
    unreached,
  };
}
