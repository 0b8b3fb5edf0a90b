import type { Rule } from "../rule.ts";
import { seesWhen } from "../rule.ts";

/** The browser says that it is driven by a program. */
export const botAgent: Rule = {
  id: "bot_agent",
  family: "bot",
  outcome: "hold",
  weight: 50,
  threshold: null,
  mildest: "none",
  sees: (features) => seesWhen(features.agentIsBot, "agentIsBot"),
};
