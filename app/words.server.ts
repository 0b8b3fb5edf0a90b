import { createClaudeWriter } from "./adapters/claude/claude-writer.ts";
import { createBackground } from "./platform/background.ts";
import type { Env } from "./platform/env.ts";
import type { Logger } from "./platform/logger.ts";
import type { Words } from "./usecases/words/ask-model.ts";

const MICROS_PER_USD = 1_000_000;
/** Calls of the model that one process has under way. */
const WORDS_AT_ONCE_MAX = 8;

/** Who writes the words: nobody without a key, and then templates speak. */
export function createWords(env: Env, logger: Logger): Words | null {
  if (env.ANTHROPIC_API_KEY === undefined) return null;
  const { ANTHROPIC_API_KEY: apiKey, ANTHROPIC_BASE_URL: baseUrl, NOTE_MODEL: model } = env;
  return {
    writer: createClaudeWriter({ apiKey, baseUrl, model, logger }),
    budgetMicros: BigInt(Math.round(env.NOTE_MONTHLY_BUDGET_USD * MICROS_PER_USD)),
    background: createBackground({ atOnceMax: WORDS_AT_ONCE_MAX, logger }),
  };
}

/** Where the app is in a shop's admin; beside the simulator, in the admin that it has. */
export function adminUrls(env: Pick<Env, "SHOPIFY_SIMULATOR_URL" | "SHOPIFY_APP_HANDLE">): (domain: string) => string {
  const simulator = env.SHOPIFY_SIMULATOR_URL;
  const origin =
    simulator === undefined ? "https://admin.shopify.com" : `http://admin.localhost:${new URL(simulator).port}`;
  return (domain) => `${origin}/store/${domain.replace(".myshopify.com", "")}/apps/${env.SHOPIFY_APP_HANDLE}`;
}
