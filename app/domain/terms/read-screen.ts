import { isObject } from "../json/read.ts";
import { ruleById } from "../screen/registry.ts";
import type { Rule } from "../screen/rule.ts";
import { RULE_IDS, STRONG_RULE_IDS } from "../screen/rule-ids.ts";
import type { FieldReader } from "./fields.ts";
import { readChoice, readGroup, readWhole } from "./fields.ts";
import type { ScreenOverride } from "./terms.ts";

const WEIGHT_LIMITS = [0, 100] as const;

/** Reads the merchant's changes to the rules of the screen. The strong keys are refused whatever is asked of them. */
export function readScreen(reader: FieldReader, input: unknown): Readonly<Record<string, ScreenOverride>> {
  const group = readGroup(reader, "screen", input, RULE_IDS);
  const overrides: [string, ScreenOverride][] = [];
  for (const id of RULE_IDS) {
    if (!Object.hasOwn(group, id)) continue;
    const path = `screen.${id}`;
    if (STRONG_RULE_IDS.includes(id)) reader.report(path, "always_blocks");
    else overrides.push([id, readOverride(reader, { path, rule: ruleById(id) }, group[id])]);
  }
  return Object.fromEntries(overrides);
}

function readOverride(reader: FieldReader, at: { path: string; rule: Rule }, input: unknown): ScreenOverride {
  const { path } = at;
  const group = readGroup(reader, path, input, ["outcome", "weight", "threshold", "limits"]);
  if (!isObject(input)) return {};
  return {
    ...(group["outcome"] === undefined
      ? {}
      : { outcome: readChoice(reader, `${path}.outcome`, group["outcome"], ["block", "hold", "none"]) }),
    ...(group["weight"] === undefined
      ? {}
      : { weight: readWhole(reader, `${path}.weight`, group["weight"], WEIGHT_LIMITS) }),
    ...(group["threshold"] === undefined ? {} : readThreshold(reader, at, group["threshold"])),
    ...(group["limits"] === undefined ? {} : readLimits(reader, at, group["limits"])),
  };
}

/** Each rule says itself how far its number may be moved; most have none. */
function readThreshold(
  reader: FieldReader,
  { path, rule }: { path: string; rule: Rule },
  input: unknown,
): Pick<ScreenOverride, "threshold"> {
  if (rule.threshold === null) {
    reader.report(`${path}.threshold`, "no_threshold");
    return {};
  }
  const { least, most } = rule.threshold;
  return { threshold: readWhole(reader, `${path}.threshold`, input, [least, most]) };
}

/** The numbers beside the threshold, for the few rules that have some. */
function readLimits(
  reader: FieldReader,
  { path, rule }: { path: string; rule: Rule },
  input: unknown,
): Pick<ScreenOverride, "limits"> {
  const { limits } = rule;
  if (limits === undefined) {
    reader.report(`${path}.limits`, "no_threshold");
    return {};
  }
  const group = readGroup(reader, `${path}.limits`, input, Object.keys(limits));
  const chosen = Object.entries(limits).filter(([name]) => Object.hasOwn(group, name));
  return {
    limits: Object.fromEntries(
      chosen.map(([name, { least, most }]) => [
        name,
        readWhole(reader, `${path}.limits.${name}`, group[name], [least, most]),
      ]),
    ),
  };
}
