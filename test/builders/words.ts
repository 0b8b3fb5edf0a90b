import { pino } from "pino";
import { createBackground } from "#app/platform/background.ts";
import type { WordsAnswer, WordsAsk } from "#app/usecases/words-port.ts";
import type { Words } from "#app/usecases/words/ask-model.ts";

/** Words that pass the gate in every language we write, by the kind of note, as a model would write them. */
export const GOOD_WORDS = {
  invite: "This is the shop that I get my bread from, and it is so good. You get {{reward}} with my link: {{link}}",
  invite_short: "This is my favourite shop, and you get {{reward}} with it: {{link}}",
  thanks_referrer: "What a joy that you brought us {{name}}! This is for you, with our thanks: {{reward}}.",
  thanks_friend: "What a joy to have you here with us! This is for you, with our thanks: {{reward}}.",
  thanks_welcome: "What a joy to have you here with us! We hope that you liked {{reward}} on your order.",
} as const;

/** A model that answers what it is told to, the last answer again and again, and keeps what it was asked. */
export function buildWords(options: { answers?: readonly WordsAnswer[]; budgetMicros?: bigint } = {}) {
  const asked: WordsAsk[] = [];
  const usage = { inputTokens: 700, outputTokens: 100 };
  const answers = [...(options.answers ?? [{ outcome: "written", words: GOOD_WORDS, usage } as const])];
  const words: Words = {
    writer: {
      model: "claude-haiku-4-5",
      write: (ask) => {
        asked.push(ask);
        const answer = answers.length > 1 ? answers.shift() : answers[0];
        return answer === undefined ? Promise.reject(new Error("nothing scripted")) : Promise.resolve(answer);
      },
    },
    budgetMicros: options.budgetMicros ?? 20_000_000n,
    background: createBackground({ atOnceMax: 4, logger: pino({ level: "silent" }) }),
  };
  return { words, asked };
}
