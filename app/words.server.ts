import { createClaudeWriter } from "./adapters/claude/claude-writer.ts";
import { createMailSender } from "./adapters/mail/smtp-sender.ts";
import { createSmsSender } from "./adapters/sms/sms-sender.ts";
import { createBackground } from "./platform/background.ts";
import type { Env } from "./platform/env.ts";
import type { Logger } from "./platform/logger.ts";
import { sendNote } from "./usecases/send-note.ts";
import type { SendNoteDeps } from "./usecases/send-note.ts";
import type { OutboxWork, WorkVerdict } from "./usecases/ports.ts";
import { watchTeam } from "./usecases/team/watch-team.ts";
import type { Words } from "./usecases/words/ask-model.ts";
import { writeInvite } from "./usecases/words/write-invite.ts";

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
function adminUrls(env: Pick<Env, "SHOPIFY_SIMULATOR_URL" | "SHOPIFY_APP_HANDLE">): (domain: string) => string {
  const simulator = env.SHOPIFY_SIMULATOR_URL;
  const origin =
    simulator === undefined ? "https://admin.shopify.com" : `http://admin.localhost:${new URL(simulator).port}`;
  return (domain) => `${origin}/store/${domain.replace(".myshopify.com", "")}/apps/${env.SHOPIFY_APP_HANDLE}`;
}

type Handler = (row: OutboxWork) => Promise<WorkVerdict>;

/** The work that sends something to people, and the one that has it written. */
export function messageHandlers(
  env: Env,
  shared: Omit<SendNoteDeps, "mail" | "sms" | "mailFrom" | "appUrl">,
): Readonly<Record<"note.send" | "words.invite" | "team.watch", Handler>> {
  const mail = createMailSender({ smtpUrl: env.SMTP_URL });
  const sms = createSmsSender(env.SMS_URL);
  const sending = { ...shared, mail, sms, mailFrom: env.MAIL_FROM, appUrl: env.SHOPIFY_APP_URL };
  return {
    "note.send": (row) => sendNote(sending, row),
    "words.invite": (row) => writeInvite(shared, row),
    "team.watch": (row) => watchTeam({ ...sending, adminUrlOf: adminUrls(env) }, row),
  };
}
