import { fillNote } from "#app/domain/note/fill-note.ts";
import type { NoteKind } from "#app/domain/note/note-kind.ts";
import { noteTemplate } from "#app/domain/note/template.ts";
import { invariant } from "#app/platform/errors.ts";

export type RewardMailFacts = {
  readonly kind: Exclude<NoteKind, "invite">;
  readonly shopName: string;
  /** Where the reward is spent. */
  readonly shopOrigin: string;
  /** Cleaned first names, or null. */
  readonly firstName: string | null;
  readonly otherName: string | null;
  /** "£10 off": from the ledger, in words. */
  readonly reward: string;
  /** `used`: the discount was taken off the first order, so the mail only says thank you. */
  readonly form: "code" | "store_credit" | "gift_card" | "used";
  /** Null for store credit, which is on the customer's account already. */
  readonly code: string | null;
  /** It is good until this instant; null for what is used. */
  readonly expiresAt: Date | null;
  readonly unsubscribeUrl: string;
};

const DAY_MS = 86_400_000;
/** Fills the preview line of a mailbox, so that nothing of the body follows the first sentence there. */
const PREVIEW_PADDING = "&#847;&zwnj;&nbsp;".repeat(90);

/**
 * Writes the mail that brings a reward, in plain text and HTML. Neither the subject nor the first lines hold the
 * code: a mailbox shows them on a locked screen.
 */
export function renderRewardMail(facts: RewardMailFacts): { subject: string; text: string; html: string } {
  const name = facts.otherName === null ? {} : { name: facts.otherName };
  const filled = fillNote(noteTemplate(facts.kind, facts.otherName !== null), { reward: facts.reward, ...name });
  invariant(filled.outcome === "filled", "the fixed templates use the tokens that are given here");
  const greeting = facts.firstName === null ? "Hello," : `Hello ${facts.firstName},`;
  const howTo = howToUse(facts, lastDayOf(facts.expiresAt));
  const why = `You get this mail because of a referral at ${facts.shopName}.`;
  const text = [
    greeting,
    filled.text,
    howTo,
    ...(facts.code === null ? [] : [facts.code]),
    `Shop: ${facts.shopOrigin}`,
    `${why} No more of these: ${facts.unsubscribeUrl}`,
  ].join("\n\n");
  return {
    subject: `A thank-you from ${facts.shopName}`,
    text: `${text}\n`,
    html: htmlOf({ facts, greeting, note: filled.text, howTo, why }),
  };
}

function lastDayOf(expiresAt: Date | null): string {
  if (expiresAt === null) return "";
  return new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" }).format(expiresAt.getTime() - DAY_MS);
}

function howToUse(facts: RewardMailFacts, lastDay: string): string {
  switch (facts.form) {
    case "code":
      return `It is good for one order at ${facts.shopName}, until the end of ${lastDay}. Enter this code at checkout:`;
    case "gift_card":
      return `It is good at ${facts.shopName} until the end of ${lastDay}. Enter this gift card code at checkout:`;
    case "used":
      return `You can send friends of your own: your link is in your account at ${facts.shopName}.`;
    case "store_credit":
      return `It is on your account at ${facts.shopName} and good until the end of ${lastDay}. Sign in at checkout and it is taken off.`;
  }
}

function htmlOf(parts: { facts: RewardMailFacts; greeting: string; note: string; howTo: string; why: string }): string {
  const { facts } = parts;
  const [greeting, note, howTo, why, shop] = [parts.greeting, parts.note, parts.howTo, parts.why, facts.shopName].map(
    escapeHtml,
  );
  const code = facts.code === null ? "" : codeBox(facts.code);
  return `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${shop}</title></head>
  <body style="margin:0;background:#f4f5f2;font-family:-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;color:#1d2420">
    <div style="display:none;max-height:0;overflow:hidden">${note}${PREVIEW_PADDING}</div>
    <div style="max-width:520px;margin:0 auto;padding:32px 20px">
      <p style="margin:0 0 20px;font-size:14px;color:#4d5a52">${shop}</p>
      <div style="background:#fff;border-radius:12px;padding:28px 24px;font-size:16px;line-height:1.55">
        <p style="margin:0 0 12px">${greeting}</p>
        <p style="margin:0 0 20px">${note}</p>
        <p style="margin:0 0 12px">${howTo}</p>
        ${code}
        <p style="margin:0"><a href="${escapeHtml(facts.shopOrigin)}" style="display:inline-block;background:#1f5d3c;color:#fff;text-decoration:none;padding:12px 22px;border-radius:8px">Go to the shop</a></p>
      </div>
      <p style="margin:20px 0 0;font-size:13px;line-height:1.5;color:#4d5a52">${why} <a href="${escapeHtml(facts.unsubscribeUrl)}" style="color:#4d5a52">No more of these</a></p>
    </div>
  </body>
</html>
`;
}

function codeBox(code: string): string {
  return `<p style="margin:0 0 24px;padding:14px;text-align:center;border:1px dashed #7b8a80;border-radius:8px;font:600 20px/1.3 ui-monospace,Menlo,Consolas,monospace;letter-spacing:.06em">${escapeHtml(code)}</p>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
