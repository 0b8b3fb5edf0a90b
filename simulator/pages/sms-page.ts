import { html, htmlDocument } from "./html.ts";
import type { World } from "../world/world.ts";

/** All text messages that were sent, newest first. */
export function smsPage(world: World): string {
  const body = html`<body>
    <header class="masthead small">
      <p><a href="/">‹ Simulated world</a></p>
      <h1>Text messages</h1>
      <p>Every text message that was sent in this world.</p>
    </header>
    <main>
      ${
        world.sms.length === 0
          ? html`<p class="panel">
              None yet. Who has no e-mail address but a phone, and said yes to text messages, gets their thanks here.
            </p>`
          : html`<ul class="places">
              ${world.sms.toReversed().map(
                ({ to, text, at }) =>
                  html`<li class="panel">
                    <strong>${to}</strong>
                    <time class="hint" datetime="${at.toISOString()}">${at.toLocaleString("en-GB")}</time>
                    <span>${text}</span>
                  </li>`,
              )}
            </ul>`
      }
    </main>
  </body>`;
  return htmlDocument({ title: "Text messages in the simulated world", styles: ["/_assets/pages.css"] }, body);
}
