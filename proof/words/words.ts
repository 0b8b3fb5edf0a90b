import { createClaudeWriter } from "../../app/adapters/claude/claude-writer.ts";
import { chooseWords } from "../../app/domain/note/choose-words.ts";
import type { ChosenWords } from "../../app/domain/note/choose-words.ts";
import { cleanFirstName } from "../../app/domain/note/first-name.ts";
import { mayGoOut } from "../../app/domain/note/may-go-out.ts";
import { startSimulator } from "../../simulator/server.ts";
import type { Proof, ProofOptions, ProofReport } from "../lib/proof.ts";
import { createRandom } from "../lib/random.ts";
import type { Random } from "../lib/random.ts";
import { FAULTS, FRAGMENTS, NAMES, SENTENCES, VOICES, WHOLE_ANSWERS } from "./hostile.ts";
import { faultsOf } from "./judge.ts";
import { troubledMails } from "./mail-troubles.ts";

const VALUES = { link: "https://freshbox.example/a/r/7QK2A", reward: "£10 off" };
const KINDS = ["invite", "thanks_friend"] as const;
const SHOP_NAME = "FreshBox";
const API = { apiKey: "proof", apiSecret: "proof-secret", appUrl: "http://localhost:9" };
const BUDGET_MS = 300;
const QUIET = { warn: () => undefined };
const SHOWN_MAX = 5;

type Answer = {
  readonly what: string;
  readonly scripted: Readonly<Record<string, unknown>>;
  readonly own: string | null;
};
/** Words by the API, from a name that somebody has, with a voice that somebody typed. */
export type Attempt = Answer & { readonly name: string; readonly voice: string };

/** Every hostile draft, answer and fault, each with a name and a voice that the seed chose, in the seed's order. */
export function attemptsOf(random: Random): Attempt[] {
  const drafts: Answer[] = FRAGMENTS.flatMap((fragment) =>
    SENTENCES.map((sentence) => {
      const draft = sentence.replace("@", () => fragment);
      return { what: draft, scripted: { draft }, own: random.int(0, 3) === 0 ? draft : null };
    }),
  );
  const whole: Answer[] = WHOLE_ANSWERS.map((text) => ({ what: text, scripted: { text }, own: text }));
  const faults: Answer[] = FAULTS.map((scripted) => ({ what: JSON.stringify(scripted), scripted, own: null }));
  const names: Answer[] = NAMES.map((name) => ({ what: `name ${name}`, scripted: {}, own: null }));
  const pick = (from: readonly string[]): string => from[random.int(0, from.length - 1)] ?? "";
  return [
    ...[...drafts, ...whole, ...faults].map((answer) => ({ ...answer, name: pick(NAMES), voice: pick(VOICES) })),
    ...names.map((answer, index) => ({ ...answer, name: NAMES[index] ?? "", voice: pick(VOICES) })),
  ];
}

export type Played = {
  readonly attempted: number;
  readonly messages: number;
  /** Of the messages, invites in which a customer finds nothing wrong: one for every attempt. */
  readonly correctInvites: number;
  readonly fromModel: number;
  readonly fromTemplate: number;
  readonly violations: readonly string[];
};

/** Lets every attempt write its messages, and holds each to the judge. @param gate the product's, or none to see it missed */
export async function playWords(attempts: readonly Attempt[], gate: typeof mayGoOut = mayGoOut): Promise<Played> {
  const simulator = await startSimulator({ port: 0, ...API });
  const sources: string[] = [];
  let correctInvites = 0;
  const violations: string[] = [];
  try {
    // Each answer but a fault is one call, so all of them are scripted at once; after a fault it is tried again.
    const faulty = attempts.filter(isFault);
    const sound = attempts.filter((attempt) => !isFault(attempt));
    await script(simulator.url, sound);
    for (const attempt of [...sound, ...faulty]) {
      if (isFault(attempt)) await script(simulator.url, [attempt, attempt]);
      for (const message of await messagesOf(simulator.url, attempt, gate)) {
        sources.push(message.source);
        const faults = faultsOf(message);
        if (faults.length === 0 && message.kind === "invite") correctInvites += 1;
        if (faults.length > 0) violations.push(`${faults.join(" ")}: ${JSON.stringify(message.text.slice(0, 160))}`);
      }
    }
  } finally {
    await simulator.close();
  }
  const fromModel = sources.filter((source) => source !== "template:en").length;
  const messages = sources.length;
  return {
    attempted: attempts.length,
    messages,
    correctInvites,
    fromModel,
    fromTemplate: messages - fromModel,
    violations,
  };
}

function isFault({ scripted }: Attempt): boolean {
  return "status" in scripted || "stall" in scripted || "delayMs" in scripted;
}

async function script(simulatorUrl: string, attempts: readonly Attempt[]): Promise<void> {
  const body = JSON.stringify({ answers: attempts.map(({ scripted }) => scripted) });
  const headers = { "content-type": "application/json" };
  const { status } = await fetch(`${simulatorUrl}/_control/words`, { method: "POST", headers, body });
  if (status !== 200) throw new Error(`the answers were not scripted: ${String(status)}`);
}

async function messagesOf(simulatorUrl: string, attempt: Attempt, gate: typeof mayGoOut) {
  const name = cleanFirstName(attempt.name);
  const model = "claude-haiku-4-5";
  const baseUrl = `${simulatorUrl}/_words`;
  const writer = createClaudeWriter({ apiKey: "proof", baseUrl, model, logger: QUIET, budgetMs: BUDGET_MS });
  const parts = KINDS.map((kind) => ({ kind, language: "en", offer: "fixed", name }) as const);
  const answer = await writer.write({ shopName: SHOP_NAME, voice: attempt.voice, parts });
  return KINDS.map((kind) => {
    const written = answer.outcome === "written" ? answer.words[kind] : undefined;
    const candidates = [
      ...(attempt.own === null ? [] : [{ words: attempt.own, source: "own" }]),
      ...(written === undefined ? [] : [{ words: written, source: "model" }]),
    ];
    const values = {
      reward: VALUES.reward,
      ...(kind === "invite" ? { link: VALUES.link } : {}),
      ...(name === null ? {} : { name }),
    };
    const chosen: ChosenWords = chooseWords({ kind, language: "en", shopName: SHOP_NAME, values }, candidates, gate);
    return { ...chosen, kind, values: { ...VALUES, name } };
  });
}

async function run(options: ProofOptions): Promise<ProofReport> {
  const attempts = attemptsOf(createRandom(options.seed));
  const played = await playWords(attempts);
  options.say(`  ${played.messages} messages of ${attempts.length} hostile inputs`);
  const mails = await troubledMails();
  const violations = [...played.violations, ...mails.faults];
  for (const violation of violations.slice(0, SHOWN_MAX)) options.say(`  ✗ ${violation}`);
  return {
    attempted: attempts.length + mails.attempted,
    violations: violations.length,
    inconclusive: 0,
    hostileInputs: attempts.length,
    messages: played.messages,
    correctInvites: played.correctInvites,
    fromModel: played.fromModel,
    fromTemplate: played.fromTemplate,
    mailTroubles: mails.attempted,
  };
}

export const words: Proof = {
  name: "words",
  about: "500 hostile drafts, names and voices: no customer reads what code did not put there",
  least: {
    hostileInputs: 500,
    messages: 1_000,
    correctInvites: 500,
    fromModel: 20,
    fromTemplate: 500,
    mailTroubles: 6,
  },
  run,
};
