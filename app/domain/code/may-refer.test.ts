import { expect, test } from "vitest";
import { buildTerms } from "#test/builders/domain.ts";
import { mayRefer } from "./may-refer.ts";

test.each([
  ["bought", null, true, [], "may_refer"],
  ["bought", null, false, ["vip"], "buy_first"],
  ["any_customer", null, false, [], "may_refer"],
  ["tag", "VIP", false, ["news", "vip"], "may_refer"],
  ["tag", "vip", true, ["news"], "buy_first"],
  ["tag", null, true, ["vip"], "buy_first"],
] as const)(
  "mayRefer under %s (tag %s), bought: %s, tags %j: %s",
  (whoMayRefer, whoMayReferTag, hasBought, tags, answer) => {
    expect(mayRefer({ hasBought, tags }, buildTerms({ whoMayRefer, whoMayReferTag }))).toBe(answer);
  },
);
