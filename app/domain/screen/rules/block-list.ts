import type { Rule } from "../rule.ts";

/** The merchant listed the person, the code or the domain. */
export const blockList: Rule = {
  id: "block_list",
  family: "merchant",
  outcome: "block",
  weight: 100,
  threshold: null,
  mildest: "hold",
  sees: ({ blockListed }) => (blockListed === null ? null : { evidence: { blockListed } }),
};
