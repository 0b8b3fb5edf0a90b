const REASONS: Readonly<Record<string, string>> = {
  no_address: "No e-mail address is known, and no phone that may be written to. The code is in the customer's account.",
  unsubscribed: "The customer asked for no more messages. The code is in their account.",
  mail_not_set_up: "No mail server is set up.",
  reward_incomplete: "The reward was not complete when the message was due.",
};
const CODE = /^(smtp|sms)_(\d+)$/;
const REFUSED_FROM = 500;

/** Why a message did not go out for certain, as a merchant reads it. */
export function messageReason(state: "failed" | "unknown", reason: string | null): string {
  if (state === "unknown")
    return "It may have gone out: the answer never came. It is not sent a second time; the code is in the customer's account.";
  const known = REASONS[reason ?? ""];
  if (known !== undefined) return known;
  if (reason?.startsWith("reward_") === true)
    return "The reward was used, withdrawn or ended before the message went out.";
  const [, by, code = ""] = CODE.exec(reason ?? "") ?? [];
  if (by === "sms") return `The provider of text messages refused it (${code}).`;
  if (by === "smtp")
    return Number(code) >= REFUSED_FROM
      ? `The mail server refused the address or the mail (${code}).`
      : `The mail server was busy for too long (${code}).`;
  return "The mail server could not be reached.";
}
