import { join } from "node:path";
import { EXTENSIONS_FOLDER, textsOf } from "../extensions/catalogue.ts";
import { html, jsonForScript, type Html } from "../pages/html.ts";
import { PROXY_ROOT } from "./layout.ts";
import type { Visit } from "./sessions.ts";

/**
 * The theme app block "Refer a friend", as Liquid renders `refer-a-friend.liquid` for this visitor. Script and styles are the
 * extension's own files; a test holds this markup to the parts that they look for.
 */
export function referBlock({ shop, customer }: Pick<Visit, "shop" | "customer">): Html | null {
  if (shop.installation === null) return null;
  const text = translator();
  return html`<section class="refer" aria-labelledby="refer">
    <link rel="stylesheet" href="/_assets/refer-a-friend.css" />
    <div class="gw-refer gw-refer--start" data-gw-refer data-proxy-root="${PROXY_ROOT}">
      <h2 class="gw-refer__heading" id="refer">Refer a friend</h2>
      <div class="gw-refer__text">
        <p>Share your link. When a friend's first order is kept, you both benefit.</p>
      </div>
      ${customer === null ? loggedOut(text) : loggedIn(text)}
      <p class="gw-refer__status" role="status" data-gw-status></p>
      <script type="application/json" data-gw-texts>
        ${jsonForScript(scriptTexts(text))}
      </script>
    </div>
    <script src="/_assets/refer-a-friend.js" defer></script>
  </section>`;
}

type Text = (key: string) => string;

/** The extension's English texts; figures stay marked as the script expects them. */
function translator(): Text {
  const texts = textsOf(join(EXTENSIONS_FOLDER, "referral-storefront"), "en");
  return (key) => {
    const found = ["refer", ...key.split(".")].reduce<unknown>((node, part) => Reflect.get(Object(node), part), texts);
    return String(found).replaceAll(/\{\{ (\w+) \}\}/g, "[$1]");
  };
}

function loggedOut(text: Text): Html {
  return html`<p>${text("logged_out")}</p>
    <p><a class="gw-refer__button" href="/account/login">${text("log_in")}</a></p>`;
}

function loggedIn(text: Text): Html {
  return html`<p><button type="button" class="gw-refer__button" data-gw-take>${text("take")}</button></p>
    <div class="gw-refer__link" data-gw-link hidden>
      <p data-gw-offer></p>
      <label class="gw-refer__label">
        ${text("link")} <input type="text" class="gw-refer__field" data-gw-field readonly />
      </label>
      <p class="gw-refer__actions">
        <button type="button" class="gw-refer__button" data-gw-copy>${text("copy")}</button>
        <a class="gw-refer__button" data-gw-whatsapp target="_blank" rel="noopener">WhatsApp</a>
        <a class="gw-refer__button" data-gw-sms>${text("sms")}</a>
        <a class="gw-refer__button" data-gw-email>${text("email")}</a>
      </p>
    </div>`;
}

function scriptTexts(text: Text): Readonly<Record<string, string>> {
  const own = ["working", "copied", "copy_failed", "subject", "offer", "buy_first", "unreachable"];
  const worth = ["fixed", "store_credit", "gift_card", "percent", "free_shipping"];
  return {
    ...Object.fromEntries(own.map((key) => [key, text(key)])),
    ...Object.fromEntries(worth.map((key) => [key, text(`worth.${key}`)])),
    campaign_closed: text("paused"),
    currency_changed: text("paused"),
    customer_required: text("logged_out"),
  };
}
