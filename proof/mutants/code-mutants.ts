import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { inTurns } from "../lib/in-turns.ts";
import type { TestCluster } from "../../test/harness/cluster.ts";
import type { ChildAnswer, ChildTask } from "./code/child.ts";
import type { AttackGroup, CodeGuard } from "./code/code-guard.ts";
import type { Mutant } from "./mutant.ts";

const run = promisify(execFile);
const CHILD = join(import.meta.dirname, "code", "child.ts");
const CHILD_TIMEOUT_MS = 60_000;
/** Two cores are promised; more children would only take turns on them. */
const AT_ONCE = 2;
const GROUPS: readonly AttackGroup[] = ["door", "money", "batch", "shopify", "row"];

/** Takes every guard that is code out of a child process's source, one by one, and plays its attack there. */
export async function tryTheCode(cluster: TestCluster, guards: readonly CodeGuard[]): Promise<Mutant[]> {
  const { templateUrl } = cluster;
  const whole = await inTurns(AT_ONCE, GROUPS, (group) => {
    const attacks = [...new Set(guards.flatMap((guard) => (guard.group === group ? [guard.attack] : [])))];
    return attacks.length === 0 ? Promise.resolve([]) : playInChild({ templateUrl, group, attacks, hunks: [] });
  });
  const held = new Map(whole.flat().map((answer) => [answer.attack, answer]));
  return inTurns(AT_ONCE, guards, async (guard) => {
    const { group, attack, hunks } = guard;
    const [answer] = await playInChild({ templateUrl, group, attacks: [attack], hunks });
    return judge(guard, held.get(attack), answer);
  });
}

function judge({ guard, attack }: CodeGuard, whole: ChildAnswer | undefined, broken: ChildAnswer | undefined): Mutant {
  const detected = broken?.outcome === "broken";
  const inconclusive = [whole, broken].flatMap((answer) => {
    if (answer === undefined) return ["the child gave no answer"];
    return answer.outcome === "crashed" ? [answer.saw] : [];
  })[0];
  return {
    guard,
    kind: "code",
    attack,
    passesGuarded: whole?.outcome === "held",
    detected,
    behind: [],
    caughtBy: detected ? [`"${broken.saw}" failed`] : [],
    ...(inconclusive === undefined ? {} : { inconclusive }),
  };
}

async function playInChild(task: ChildTask): Promise<ChildAnswer[]> {
  try {
    const { stdout } = await run(process.execPath, [CHILD, JSON.stringify(task)], { timeout: CHILD_TIMEOUT_MS });
    return stdout
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line): ChildAnswer => JSON.parse(line));
  } catch (error) {
    const saw = error instanceof Error ? error.message : String(error);
    return task.attacks.map((attack) => ({ attack, outcome: "crashed", saw }));
  }
}
