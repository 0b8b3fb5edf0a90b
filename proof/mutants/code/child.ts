// Plays attacks against the application with one guard taken out of its source, or none. Its argument is JSON; it prints
// a line of JSON for each attack.
import { AssertionError } from "node:assert";
import { applyHunks, changeSources } from "../../lib/patched-source.ts";
import type { Hunk } from "../../lib/patched-source.ts";
import type { CodeAttack, CodeAttacks } from "./attack.ts";
import type { AttackGroup } from "./code-guard.ts";

/** What the parent asks for. */
export type ChildTask = {
  readonly templateUrl: string;
  readonly group: AttackGroup;
  readonly attacks: readonly string[];
  readonly hunks: readonly Hunk[];
};

/** How an attack ended: "broken" by an assertion that failed, "crashed" by anything else. */
export type ChildAnswer = {
  readonly attack: string;
  readonly outcome: "held" | "broken" | "crashed";
  readonly saw: string;
};

const task: ChildTask = JSON.parse(process.argv[2] ?? "");
changeSources((path, source) => applyHunks(path, source, task.hunks));

// Only now: whatever is loaded from here on is loaded changed.
const { onScratch } = await import("../scratch.ts");
const attacks = await attacksOf(task.group);
for (const name of task.attacks) {
  const attack = attacks[name];
  const answer = attack === undefined ? { outcome: "crashed", saw: "there is no such attack" } : await play(attack);
  process.stdout.write(`${JSON.stringify({ attack: name, ...answer })}\n`);
}
process.exit();

async function attacksOf(group: AttackGroup): Promise<CodeAttacks> {
  switch (group) {
    case "door":
      return (await import("./door-attacks.ts")).DOOR_ATTACKS;
    case "money":
      return (await import("./money-attacks.ts")).MONEY_ATTACKS;
    case "batch":
      return (await import("./batch-attacks.ts")).BATCH_ATTACKS;
    case "shopify":
      return (await import("./shopify-attacks.ts")).SHOPIFY_ATTACKS;
    case "row":
      return (await import("./row-attacks.ts")).ROW_ATTACKS;
  }
}

async function play(attack: CodeAttack): Promise<Omit<ChildAnswer, "attack">> {
  try {
    await onScratch({ templateUrl: task.templateUrl }, attack);
    return { outcome: "held", saw: "" };
  } catch (error) {
    if (error instanceof AssertionError) return { outcome: "broken", saw: error.message.split("\n")[0] ?? "" };
    return { outcome: "crashed", saw: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
