import { setTimeout as sleep } from "node:timers/promises";
import Anthropic, { APIConnectionError, APIError, APIUserAbortError } from "@anthropic-ai/sdk";
import { isObject } from "#app/domain/json/read.ts";
import type { TokenUsage } from "#app/domain/note/model-price.ts";
import type { Logger } from "#app/platform/logger.ts";
import type { WordsAnswer, WordsAsk, WordsTrouble, WordsWriter } from "#app/usecases/words-port.ts";
import { createCircuit } from "./circuit.ts";
import { promptOf } from "./prompt.ts";

export type ClaudeOptions = {
  readonly apiKey: string;
  /** Absent: Anthropic's own. */
  readonly baseUrl?: string | undefined;
  readonly model: string;
  readonly logger: Pick<Logger, "warn">;
  /** For all tries together, waits included. */
  readonly budgetMs?: number;
  /** How long a failing API is left alone. */
  readonly restMs?: number;
};

const BUDGET_MS = 3_000;
const TRIES_MAX = 2;
const RETRY_WAIT_MS = 200;
/** Without this much left, a second try could not come to an end. */
const TRY_MS_LEAST = 500;
const FAILURES_MAX = 3;
const REST_MS = 60_000;
/** Two notes of three sentences in any script; more is a prompt injection or a bug. */
export const OUTPUT_TOKENS_MAX = 700;

type Tried = { readonly answer: WordsAnswer; readonly mayRetry: boolean };

/**
 * Writes notes with Claude: one request, at most one more after a 429, a 5xx or a lost connection, all within three seconds.
 * After three failures in a row it leaves the API alone for a minute. What comes back is text for the gate, trusted by nobody.
 */
export function createClaudeWriter(options: ClaudeOptions): WordsWriter {
  const { apiKey, model, logger, budgetMs = BUDGET_MS, restMs = REST_MS } = options;
  const client = new Anthropic({
    apiKey,
    authToken: null,
    maxRetries: 0,
    timeout: budgetMs,
    logLevel: "off",
    ...(options.baseUrl === undefined ? {} : { baseURL: options.baseUrl }),
  });
  const circuit = createCircuit({ failuresMax: FAILURES_MAX, restMs, nowMs: () => performance.now() });

  async function write(ask: WordsAsk): Promise<WordsAnswer> {
    if (!circuit.mayCall()) return { outcome: "trouble", reason: "resting", mayHaveCost: false };
    const answer = await withinBudget(ask);
    if (answer.outcome === "written") circuit.succeeded();
    else {
      circuit.failed();
      logger.warn({ outcome: answer.reason }, "the model wrote nothing: templates speak");
    }
    return answer;
  }

  async function withinBudget(ask: WordsAsk): Promise<WordsAnswer> {
    const signal = AbortSignal.timeout(budgetMs);
    const endsMs = performance.now() + budgetMs;
    let mayHaveCost = false;
    for (let tries = 1; ; tries += 1) {
      // The signal ends the request; the race ends the wait, whatever a stalled body may hold open.
      const { answer, mayRetry } = await Promise.race([tryOnce(client, model, ask, signal), runOut(signal)]);
      if (answer.outcome === "written") return answer;
      mayHaveCost ||= answer.mayHaveCost;
      const leftMs = endsMs - performance.now();
      if (!mayRetry || tries >= TRIES_MAX || leftMs < RETRY_WAIT_MS + TRY_MS_LEAST) return { ...answer, mayHaveCost };
      await sleep(RETRY_WAIT_MS);
    }
  }

  return { model, write };
}

async function tryOnce(client: Anthropic, model: string, ask: WordsAsk, signal: AbortSignal): Promise<Tried> {
  const { system, user, schema } = promptOf(ask);
  try {
    const message = await client.messages.create(
      {
        model,
        max_tokens: OUTPUT_TOKENS_MAX,
        system,
        messages: [{ role: "user", content: user }],
        output_config: { format: { type: "json_schema", schema } },
      },
      { signal },
    );
    const usage = { inputTokens: message.usage.input_tokens, outputTokens: message.usage.output_tokens };
    const text = message.content.map((block) => (block.type === "text" ? block.text : "")).join("");
    return { answer: read(text, ask, usage), mayRetry: false };
  } catch (error) {
    return troubleOf(error);
  }
}

/** Only texts that were asked for, under their keys: anything else in the answer is passed over. */
function read(text: string, ask: WordsAsk, usage: TokenUsage): WordsAnswer {
  const json = parsed(text);
  const words = Object.fromEntries(
    ask.parts.flatMap(({ kind }) => {
      const draft = isObject(json) ? json[kind] : undefined;
      return typeof draft === "string" ? [[kind, draft.trim()] as const] : [];
    }),
  );
  return { outcome: "written", words, usage };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

async function runOut(signal: AbortSignal): Promise<Tried> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  return { answer: trouble("too_slow", true), mayRetry: false };
}

/** What is charged for a request without an answer is not known, so all but a clear refusal may have cost. */
function troubleOf(error: unknown): Tried {
  if (error instanceof APIUserAbortError) return { answer: trouble("too_slow", true), mayRetry: false };
  if (error instanceof APIConnectionError) return { answer: trouble("unreachable", true), mayRetry: true };
  if (error instanceof APIError && typeof error.status === "number") {
    if (error.status === 401 || error.status === 403) return { answer: trouble("key_refused", false), mayRetry: false };
    if (error.status === 429) return { answer: trouble("busy", false), mayRetry: true };
    if (error.status >= 500) return { answer: trouble("unavailable", true), mayRetry: true };
    return { answer: trouble("request_refused", false), mayRetry: false };
  }
  // A body that is no message: the API, or something before it, is not itself.
  return { answer: trouble("unreadable", true), mayRetry: false };
}

function trouble(reason: WordsTrouble, mayHaveCost: boolean): Extract<WordsAnswer, { outcome: "trouble" }> {
  return { outcome: "trouble", reason, mayHaveCost };
}
