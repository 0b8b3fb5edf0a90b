import { isObject } from "../json/read.ts";
import { RULE_IDS, STRONG_RULE_IDS } from "../screen/rule-ids.ts";
import type { FieldReader } from "./fields.ts";
import { readChoice, readGroup, readWhole } from "./fields.ts";
import type { ScreenOverride } from "./terms.ts";

const WEIGHT_LIMITS = [0, 100] as const;
const THRESHOLD_LIMITS = [0, 1_000_000] as const;

/** Reads the merchant's changes to the rules of the screen. The strong keys are refused whatever is asked of them. */
export function readScreen(reader: FieldReader, input: unknown): Readonly<Record<string, ScreenOverride>> {
  const group = readGroup(reader, "screen", input, RULE_IDS);
  const overrides: [string, ScreenOverride][] = [];
  for (const id of RULE_IDS) {
    if (!Object.hasOwn(group, id)) continue;
    const path = `screen.${id}`;
    if (STRONG_RULE_IDS.includes(id)) reader.report(path, "always_blocks");
    else overrides.push([id, readOverride(reader, path, group[id])]);
  }
  return Object.fromEntries(overrides);
}

function readOverride(reader: FieldReader, path: string, input: unknown): ScreenOverride {
  const group = readGroup(reader, path, input, ["outcome", "weight", "threshold"]);
  if (!isObject(input)) return {};
  return {
    ...(group["outcome"] === undefined
      ? {}
      : { outcome: readChoice(reader, `${path}.outcome`, group["outcome"], ["block", "hold", "none"]) }),
    ...(group["weight"] === undefined
      ? {}
      : { weight: readWhole(reader, `${path}.weight`, group["weight"], WEIGHT_LIMITS) }),
    ...(group["threshold"] === undefined
      ? {}
      : { threshold: readWhole(reader, `${path}.threshold`, group["threshold"], THRESHOLD_LIMITS) }),
  };
}
