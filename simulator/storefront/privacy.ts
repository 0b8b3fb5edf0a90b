import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { html, jsonForScript, type Html } from "../pages/html.ts";
import { WorldError, type World } from "../world/world.ts";
import { sessionsOf, visit, type StorefrontSession, type Visit } from "./sessions.ts";

const HERE = { constraints: { surface: "storefront" } };

/** Where law asks for consent before marketing: what a European merchant's privacy settings begin with. */
export const CONSENT_COUNTRIES: readonly string[] =
  "AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split(" ");

const Answer = z.object({
  analytics: z.boolean(),
  marketing: z.boolean(),
  preferences: z.boolean(),
  saleOfData: z.boolean(),
});

/** Says whether this visitor must be asked before marketing. */
export function mustAsk({ shop, session }: Pick<Visit, "shop" | "session">): boolean {
  return shop.habits.consentCountries.includes(session.country);
}

/** Takes a visitor's answer. Shopify keeps it in a cookie of its own and behind its API; here the visit remembers it. */
export function registerPrivacy(scope: FastifyInstance, world: World): void {
  scope.post("/_privacy/consent", HERE, (request, reply) => {
    const answer = Answer.safeParse(request.body);
    if (!answer.success) throw new WorldError("An answer about consent has four parts, each yes or no.", 400);
    visit(world, sessionsOf(world), request, reply).session.consent = answer.data;
    return reply.code(204).send();
  });
}

/** Shopify's customer privacy API (`Shopify.loadFeatures`, `Shopify.customerPrivacy`), as every storefront page has it. */
export function privacyHead(now: Visit): Html {
  const facts = { given: now.session.consent, mustAsk: mustAsk(now), region: now.session.country };
  return html`<script type="application/json" id="privacy-facts">
      ${jsonForScript(facts)}
    </script>
    <script src="/_assets/privacy.js"></script>
    ${now.session.keepsNothing ? keepsNothing() : null}`;
}

/** The theme's banner, drawn where somebody must be asked; the script shows it until there is an answer. */
export function consentBanner(now: Visit): Html | null {
  if (!mustAsk(now)) return null;
  return html`<section class="consent" id="consent" role="dialog" aria-labelledby="consent-title" hidden>
    <h2 id="consent-title">Cookies, if you like</h2>
    <p>We would like to remember how you found us. It is not needed to shop here.</p>
    <p class="consent-actions">
      <button class="button" type="button" data-consent="yes">Accept</button>
      <button class="button plain" type="button" data-consent="no">Decline</button>
    </p>
  </section>`;
}

/** The footer's way back to the question. */
export function consentAgain(now: Visit): Html | null {
  return mustAsk(now) ? html`<button class="as-link" type="button" data-consent="ask">Cookie choices</button>` : null;
}

/** What scripts find in an in-app browser that keeps nothing: storage that throws, cookies that do not stick. */
function keepsNothing(): Html {
  return html`<script>
    {
      const refuse = () => {
        throw new DOMException("Storage is off in this browser.", "SecurityError");
      };
      for (const area of ["localStorage", "sessionStorage"]) Object.defineProperty(window, area, { get: refuse });
      Object.defineProperty(document, "cookie", { get: () => "", set: () => undefined });
    }
  </script>`;
}

/** Shown in the footer, so that nobody wonders why nothing sticks. */
export function browserNote({ keepsNothing: inApp }: StorefrontSession): Html | null {
  return inApp ? html`This is a chat app's browser: it keeps nothing.` : null;
}
