import type { Env } from "../platform/env.ts";
import type { SetupStepView } from "../read-models.ts";

/** What is set up of words and messages: whoever runs the app sets it, so it is read from there and not from the shop. */
export function wordsStep(env: Pick<Env, "ANTHROPIC_API_KEY" | "SMTP_URL">): SetupStepView {
  if (env.SMTP_URL === undefined)
    return {
      id: "words",
      state: "waiting",
      detail: "No mail server is set up (SMTP_URL): rewards are given, and nobody is told of them by mail.",
    };
  return {
    id: "words",
    state: "done",
    detail:
      env.ANTHROPIC_API_KEY === undefined
        ? "Invites and thank-yous use the templates on the page Words. With a key for the model (ANTHROPIC_API_KEY) they are written in your voice."
        : "Invites and thank-yous are written in your voice. See the page Words.",
  };
}
