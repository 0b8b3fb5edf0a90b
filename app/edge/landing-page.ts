import { landingWords } from "#app/domain/landing/words.ts";
import type { LandingRefusal, LandingWords } from "#app/domain/landing/words/landing-words.ts";
import { languageOf } from "#app/domain/note/language.ts";
import { put } from "#app/domain/note/phrases.ts";
import type { Invitation } from "#app/usecases/describe-invitation.ts";
import { escapeHtml } from "./html.ts";

/** Looks like the theme it stands in: no font, no colour of its own but the border of what can be typed into. */
const STYLE = `<style>
.gw-join{max-width:34rem;margin:3rem auto;padding:0 1.25rem;text-align:center}
.gw-join h1{margin:0 0 1rem;text-wrap:balance}
.gw-join form{display:grid;gap:.75rem;margin:1.5rem 0;text-align:left}
.gw-join input[type=email]{font:inherit;padding:.8rem;border:1px solid currentColor;border-radius:.4rem;width:100%;box-sizing:border-box}
.gw-join button,.gw-join .gw-go{font:inherit;display:block;padding:.9rem 1.2rem;border:0;border-radius:.4rem;background:#111;color:#fff;text-align:center;text-decoration:none;cursor:pointer}
.gw-join button:focus-visible,.gw-join .gw-go:focus-visible,.gw-join input:focus-visible{outline:3px solid #4a90d9;outline-offset:2px}
.gw-join .gw-code{font-size:min(1.4em,5.4vw);letter-spacing:.05em;padding:.8rem .4rem;border:2px dashed currentColor;border-radius:.4rem;overflow-wrap:anywhere}
.gw-join .gw-problem{font-weight:600}
</style>`;

type Open = Extract<Invitation, { outcome: "open" }>;

/**
 * The page that asks for the e-mail address, in the shop's own theme: a plain form, so that it works without JavaScript.
 *
 * @param page.locale Of the reader.
 * @param page.action Where the form is posted to: the page's own path on the storefront.
 * @param page.token Of the tap; it travels in the form.
 * @param page.isBadAddress Whether what was typed is no address, so that it is asked for again.
 */
export function landingPage(page: {
  invitation: Open;
  locale: string;
  action: string;
  token: string;
  isBadAddress: boolean;
}): string {
  const { invitation, locale, action, token } = page;
  const words = landingWords(locale);
  const note = page.isBadAddress ? `<p class="gw-problem" role="alert">${escapeHtml(words.badAddress)}</p>` : "";
  const ask = `${invitation.emailFirst ? words.askFirst : words.ask} ${words.when[invitation.when]}`;
  return `${opening(locale)}
<h1>${titleOf(invitation, locale)}</h1>
<p>${escapeHtml(ask)}</p>
${note}<form method="post" action="${escapeHtml(action)}">
<input type="hidden" name="token" value="${escapeHtml(token)}">
<label for="gw-email">${escapeHtml(words.email)}</label>
<input id="gw-email" type="email" name="email" autocomplete="email" required>
<button>${escapeHtml(put(words.button, { offer: invitation.offer }))}</button>
</form>
<p><small>${escapeHtml(words.kept)}</small></p>
</section>`;
}

/** The page after the address was given: the code, and a link that puts it on the basket. */
export function claimedPage(page: {
  invitation: Open;
  locale: string;
  welcomeCode: string | null;
  retry: boolean;
}): string {
  const { invitation, locale, welcomeCode, retry } = page;
  const words = landingWords(locale);
  const { offer } = invitation;
  const body =
    welcomeCode !== null
      ? `<p>${escapeHtml(put(words.code, { offer }))}</p><p class="gw-code"><strong>${escapeHtml(welcomeCode)}</strong></p>
<p><a class="gw-go" href="/discount/${encodeURIComponent(welcomeCode)}?redirect=%2F">${escapeHtml(words.use)}</a></p>
<p><small>${escapeHtml(words.basket)}</small></p>`
      : retry
        ? `<p>${escapeHtml(words.making)}</p>`
        : `<p>${escapeHtml(put(words.later, { offer }))}</p>${toShop(words)}`;
  return `${opening(locale, ' role="status"')}<h1>${titleOf(invitation, locale)}</h1>${body}</section>`;
}

/** The page of somebody for whom there is nothing, which says why and leads into the shop. */
export function closedPage(reason: LandingRefusal, locale: string): string {
  const words = landingWords(locale);
  return `${opening(locale)}<h1>${escapeHtml(words.closed)}</h1><p>${escapeHtml(words.refusals[reason])}</p>
${toShop(words)}</section>`;
}

/** The theme around it may be in another language, so the page says its own. */
function opening(locale: string, more = ""): string {
  return `${STYLE}<section class="gw-join" lang="${languageOf(locale) ?? "en"}"${more}>`;
}

function toShop(words: LandingWords): string {
  return `<p><a class="gw-go" href="/">${escapeHtml(words.shop)}</a></p>`;
}

function titleOf({ from, offer }: Open, locale: string): string {
  const { named, unnamed } = landingWords(locale).gave;
  return escapeHtml(from === null ? put(unnamed, { offer }) : put(named, { from, offer }));
}
