import type { Rule } from "../rule.ts";
import { seesWhen } from "../rule.ts";

/** The friend's mailbox is of a service whose mailboxes are thrown away after use. */
export const disposableEmail: Rule = {
  id: "disposable_email",
  family: "bot",
  outcome: "hold",
  weight: 40,
  threshold: null,
  mildest: "none",
  sees: ({ emailIsDisposable }) => seesWhen(emailIsDisposable, "emailIsDisposable"),
};
