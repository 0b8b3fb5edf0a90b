import type { Invitation } from "#app/usecases/describe-invitation.ts";
import { escapeHtml } from "./html.ts";

/** Looks like the theme it stands in: no font, no colour of its own but the border of what can be typed into. */
const STYLE = `<style>
.gw-join{max-width:34rem;margin:3rem auto;padding:0 1.25rem;text-align:center}
.gw-join h1{margin:0 0 1rem}
.gw-join form{display:grid;gap:.75rem;margin:1.5rem 0;text-align:left}
.gw-join input[type=email]{font:inherit;padding:.8rem;border:1px solid currentColor;border-radius:.4rem;width:100%;box-sizing:border-box}
.gw-join button,.gw-join .gw-go{font:inherit;display:block;padding:.9rem 1.2rem;border:0;border-radius:.4rem;background:#111;color:#fff;text-align:center;text-decoration:none;cursor:pointer}
.gw-join button:focus-visible,.gw-join .gw-go:focus-visible,.gw-join input:focus-visible{outline:3px solid #4a90d9;outline-offset:2px}
.gw-join .gw-code{font-size:1.4em;letter-spacing:.08em;padding:.8rem;border:2px dashed currentColor;border-radius:.4rem;overflow-wrap:anywhere}
.gw-join .gw-problem{font-weight:600}
</style>`;

const FROM_NOBODY = "A friend";

type Open = Extract<Invitation, { outcome: "open" }>;

/**
 * The page that asks for the e-mail address, in the shop's own theme: a plain form, so that it works without JavaScript.
 *
 * @param page.action Where the form is posted to: the page's own path on the storefront.
 * @param page.token Of the tap; it travels in the form.
 * @param page.problem What was wrong with what was typed, in one sentence.
 */
export function landingPage(page: { invitation: Open; action: string; token: string; problem: string | null }): string {
  const { invitation, action, token, problem } = page;
  const then =
    invitation.when === "on_first_order" ? "Your code is for your first order." : "It is yours after your first order.";
  const note = problem === null ? "" : `<p class="gw-problem" role="alert">${escapeHtml(problem)}</p>`;
  return `${STYLE}<section class="gw-join">
<h1>${titleOf(invitation)}</h1>
<p>Tell us your e-mail address and it is yours. ${then}</p>
${note}<form method="post" action="${escapeHtml(action)}">
<input type="hidden" name="token" value="${escapeHtml(token)}">
<label for="gw-email">E-mail</label>
<input id="gw-email" type="email" name="email" autocomplete="email" required>
<button>Get ${escapeHtml(invitation.offer)}</button>
</form>
<p><small>We use your address to recognise your first order, and keep no more than a fingerprint of it.</small></p>
</section>`;
}

/** The page after the address was given: the code, and a link that puts it on the basket. */
export function claimedPage(page: { invitation: Open; welcomeCode: string | null; retry: boolean }): string {
  const { invitation, welcomeCode, retry } = page;
  const offer = escapeHtml(invitation.offer);
  const body =
    welcomeCode !== null
      ? `<p>Your code for ${offer} your first order:</p><p class="gw-code"><strong>${escapeHtml(welcomeCode)}</strong></p>
<p><a class="gw-go" href="/discount/${encodeURIComponent(welcomeCode)}?redirect=%2F">Use it now</a></p>
<p><small>It is put on your basket. On another device, type it at the checkout.</small></p>`
      : retry
        ? `<p>Your code is being made. Open this page again in a minute.</p>`
        : `<p>${offer}: we will send it after your first order.</p><p><a class="gw-go" href="/">Go to the shop</a></p>`;
  return `${STYLE}<section class="gw-join" role="status"><h1>${titleOf(invitation)}</h1>${body}</section>`;
}

/** The page of somebody for whom there is nothing, which says why and leads into the shop. */
export function closedPage(message: string): string {
  return `${STYLE}<section class="gw-join"><h1>This offer is not open to you</h1><p>${escapeHtml(message)}</p>
<p><a class="gw-go" href="/">Go to the shop</a></p></section>`;
}

function titleOf({ from, offer }: Open): string {
  return escapeHtml(`${from ?? FROM_NOBODY} gave you ${offer}`);
}
