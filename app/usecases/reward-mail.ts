import type { Language } from "#app/domain/note/language.ts";
import { daysInWords, phrasesOf, put } from "#app/domain/note/phrases.ts";

export type RewardMailFacts = {
  readonly language: Language;
  /** The note itself, every token filled. */
  readonly note: string;
  readonly shopName: string;
  /** Where the reward is spent. */
  readonly shopOrigin: string;
  /** A cleaned first name, or null. */
  readonly firstName: string | null;
  /** `used`: the discount was taken off the first order, so the mail only says thank you. */
  readonly form: "code" | "store_credit" | "gift_card" | "used";
  /** Null for store credit, which is on the customer's account already. */
  readonly code: string | null;
  /** It is good until this instant; null for what is used. */
  readonly expiresAt: Date | null;
  readonly now: Date;
  readonly unsubscribeUrl: string;
};

const DAY_MS = 86_400_000;
/** Fills the preview line of a mailbox, so that nothing of the body follows the first sentence there. */
const PREVIEW_PADDING = "&#847;&zwnj;&nbsp;".repeat(90);
/** Dates are written as a reader of the language expects them; English as it is written in Britain. */
const DATE_LOCALES: Readonly<Partial<Record<Language, string>>> = { en: "en-GB" };

/**
 * Writes the mail that brings a reward, in plain text and HTML. Neither the subject nor the first lines hold the
 * code: a mailbox shows them on a locked screen.
 */
export function renderRewardMail(facts: RewardMailFacts): { subject: string; text: string; html: string } {
  const { mail } = phrasesOf(facts.language);
  const shop = facts.shopName;
  const greeting = facts.firstName === null ? mail.helloUnnamed : put(mail.hello, { name: facts.firstName });
  const howTo = howToUse(facts);
  const why = put(mail.why, { shop });
  const text = [
    greeting,
    facts.note,
    howTo,
    ...(facts.code === null ? [] : [facts.code]),
    put(mail.shop, { origin: facts.shopOrigin }),
    `${why} ${mail.stop}: ${facts.unsubscribeUrl}`,
  ].join("\n\n");
  return { subject: put(mail.subject, { shop }), text: `${text}\n`, html: htmlOf({ facts, greeting, howTo, why }) };
}

/** The text message that brings a reward. */
export function renderRewardText(
  facts: Pick<RewardMailFacts, "language" | "shopName" | "shopOrigin" | "code" | "expiresAt"> & { reward: string },
): string {
  const { sms } = phrasesOf(facts.language);
  const { shopName: shop, shopOrigin: origin, reward, code, expiresAt } = facts;
  return code === null || expiresAt === null
    ? put(sms.bare, { shop, reward, origin })
    : put(sms.code, { shop, reward, code, day: lastDayOf(expiresAt, facts.language) });
}

function lastDayOf(expiresAt: Date, language: Language): string {
  const locale = DATE_LOCALES[language] ?? language;
  return new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" }).format(expiresAt.getTime() - DAY_MS);
}

function howToUse({ form, shopName: shop, expiresAt, language, now }: RewardMailFacts): string {
  const { mail } = phrasesOf(language);
  if (form === "used" || expiresAt === null) return put(mail.used, { shop });
  const days = Math.max(1, Math.floor((expiresAt.getTime() - now.getTime()) / DAY_MS));
  const places = { shop, days: daysInWords(days, language), day: lastDayOf(expiresAt, language) };
  switch (form) {
    case "code":
      return put(mail.code, places);
    case "gift_card":
      return put(mail.giftCard, places);
    case "store_credit":
      return put(mail.storeCredit, places);
  }
}

/** Dark where the reader's screen is: colours that a mailbox may turn around are set for both. */
const DARK_STYLE = `
    :root { color-scheme: light dark; supported-color-schemes: light dark }
    @media (prefers-color-scheme: dark) {
      .page { background: #161a17 !important; color: #e8ece9 !important }
      .card { background: #222824 !important }
      .quiet, .quiet a { color: #b4beb7 !important }
      .code { border-color: #93a198 !important; color: #fff !important }
      .button { background: #2f8a5b !important; color: #fff !important }
    }`;

function htmlOf(parts: { facts: RewardMailFacts; greeting: string; howTo: string; why: string }): string {
  const { facts } = parts;
  const { mail } = phrasesOf(facts.language);
  const [greeting, note, howTo, why, shop, button, stop] = [
    parts.greeting,
    facts.note,
    parts.howTo,
    parts.why,
    facts.shopName,
    mail.button,
    mail.stop,
  ].map(escapeHtml);
  const code = facts.code === null ? "" : codeBox(facts.code);
  return `<!doctype html>
<html lang="${facts.language}">
  <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${shop}</title><style>${DARK_STYLE}
  </style></head>
  <body class="page" style="margin:0;background:#f4f5f2;font-family:-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;color:#1d2420">
    <div style="display:none;max-height:0;overflow:hidden">${note}${PREVIEW_PADDING}</div>
    <div class="page" style="max-width:520px;margin:0 auto;padding:32px 20px">
      <p class="quiet" style="margin:0 0 20px;font-size:14px;color:#4d5a52;overflow-wrap:anywhere">${shop}</p>
      <div class="card" style="background:#fff;border-radius:12px;padding:28px 24px;font-size:16px;line-height:1.55;overflow-wrap:anywhere">
        <p style="margin:0 0 12px">${greeting}</p>
        <p style="margin:0 0 20px">${note}</p>
        <p style="margin:0 0 12px">${howTo}</p>
        ${code}
        <p style="margin:0"><a class="button" href="${escapeHtml(facts.shopOrigin)}" style="display:inline-block;background:#1f5d3c;color:#fff;text-decoration:none;padding:12px 22px;border-radius:8px">${button}</a></p>
      </div>
      <p class="quiet" style="margin:20px 0 0;font-size:13px;line-height:1.5;color:#4d5a52;overflow-wrap:anywhere">${why} <a href="${escapeHtml(facts.unsubscribeUrl)}" style="color:#4d5a52">${stop}</a></p>
    </div>
  </body>
</html>
`;
}

function codeBox(code: string): string {
  return `<p class="code" style="margin:0 0 24px;padding:14px;text-align:center;border:1px dashed #7b8a80;border-radius:8px;font:600 20px/1.3 ui-monospace,Menlo,Consolas,monospace;letter-spacing:.06em">${escapeHtml(code)}</p>`;
}

/** Text for HTML, every character that means something there replaced; the ampersand first, since the others bring some. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
