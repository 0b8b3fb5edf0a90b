import type pg from "pg";
import { ATTACKS } from "../../test/schema/attacks/all.ts";
import { attempt, buildStage } from "../../test/schema/stage.ts";
import type { Attack, Stage } from "../../test/schema/stage.ts";
import { guardsOf, removeGuard, viewsThatSee } from "./guards.ts";
import type { Mutant } from "./mutant.ts";
import type { Scratch } from "./scratch.ts";

/** Guards that may stand behind one another; what they still refuse counts as not detected. */
const LAYERS_MAX = 6;

/** What an attack came to with these guards removed. */
type Trial = { readonly refusedBy: string | null; readonly seenBy: readonly string[] };
type Aim = { readonly guard: string; readonly on: string | undefined };

/**
 * Removes every guard of the schema that an attack is about, one by one, in a transaction that is rolled back: the attack
 * says "the database refuses this", and must then be seen to be wrong.
 */
export async function tryTheSchema(scratch: Scratch): Promise<{ mutants: Mutant[]; untried: string[] }> {
  const stage = await buildStage(scratch);
  const client = await scratch.owner.connect();
  try {
    const mutants: Mutant[] = [];
    for (const { aim, attacks } of byGuard(ATTACKS)) mutants.push(await tryGuard(client, stage, aim, attacks));
    const tried = new Set(mutants.flatMap(({ guard, behind }) => [guard, ...behind]));
    const untried = (await guardsOf(client))
      .map(({ name, rel }) => [name, `${rel}.${name}`] as const)
      .filter((names) => names.every((name) => !tried.has(name)))
      .map(([, full]) => full);
    return { mutants, untried };
  } finally {
    client.release(true);
  }
}

function byGuard(attacks: readonly Attack[]): { aim: Aim; attacks: Attack[] }[] {
  const found = new Map<string, { aim: Aim; attacks: Attack[] }>();
  for (const attack of attacks) {
    const [, guard, , on] = attack;
    const key = labelOf({ guard, on });
    const same = found.get(key);
    if (same === undefined) found.set(key, { aim: { guard, on }, attacks: [attack] });
    else same.attacks.push(attack);
  }
  return [...found.values()];
}

function labelOf({ guard, on }: Aim): string {
  return on === undefined ? guard : `${on}.${guard}`;
}

async function tryGuard(client: pg.ClientBase, stage: Stage, aim: Aim, attacks: readonly Attack[]): Promise<Mutant> {
  const held: boolean[] = [];
  for (const attack of attacks) {
    const { refusedBy } = await play(client, stage, attack, []);
    held.push(refusedBy === aim.guard);
  }
  const seenBy = new Set<string>();
  let firstThrough: string | null = null;
  let through = 0;
  for (const attack of attacks) {
    const trial = await play(client, stage, attack, [aim]);
    if (trial.refusedBy !== null) continue;
    through += 1;
    firstThrough ??= attack[0];
    for (const view of trial.seenBy) seenBy.add(view);
  }
  const [first] = attacks;
  const deep = through > 0 || first === undefined ? null : await playDeeper(client, stage, aim, first);
  for (const view of deep?.seenBy ?? []) seenBy.add(view);
  return {
    guard: labelOf(aim),
    kind: "schema",
    attack: firstThrough ?? first?.[0] ?? "",
    passesGuarded: held.every(Boolean),
    detected: through > 0 || deep?.isThrough === true,
    behind: deep?.behind ?? [],
    caughtBy: [
      `refused no more (${Math.max(through, deep?.isThrough === true ? 1 : 0)} of ${attacks.length})`,
      ...seenBy,
    ],
  };
}

/** What still refuses stood behind the first guard: it goes too, until nothing is left that refuses. */
async function playDeeper(
  client: pg.ClientBase,
  stage: Stage,
  aim: Aim,
  attack: Attack,
): Promise<{ behind: string[]; isThrough: boolean; seenBy: readonly string[] }> {
  const removed: Aim[] = [aim];
  let trial = await play(client, stage, attack, removed);
  while (trial.refusedBy !== null && removed.length < LAYERS_MAX) {
    const next = { guard: trial.refusedBy, on: undefined };
    if (removed.some((one) => labelOf(one) === labelOf(next))) break;
    removed.push(next);
    trial = await play(client, stage, attack, removed);
  }
  const behind = removed.slice(1).map(labelOf);
  return { behind, isThrough: trial.refusedBy === null, seenBy: trial.seenBy };
}

async function play(client: pg.ClientBase, stage: Stage, attack: Attack, without: readonly Aim[]): Promise<Trial> {
  await client.query("BEGIN");
  try {
    for (const { guard, on } of without)
      if ((await removeGuard(client, guard, on)) === 0) return { refusedBy: `${guard}, which is no guard`, seenBy: [] };
    const refusal = await attempt(client, attack[2](stage));
    if (refusal !== null) return { refusedBy: refusal.by, seenBy: [] };
    return { refusedBy: null, seenBy: without.length === 0 ? [] : await viewsThatSee(client, stage.shopId) };
  } finally {
    await client.query("ROLLBACK");
  }
}
