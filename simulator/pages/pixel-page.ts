import { html, htmlDocument, type Html } from "./html.ts";
import type { PixelSighting } from "../world/storefront-types.ts";
import type { World } from "../world/world.ts";

/** What the web pixel saw at checkouts and told the app, and what Shopify Flow was told by the app; newest first. */
export function pixelPage(world: World): string {
  const body = html`<body>
    <header class="masthead small">
      <p><a href="/">‹ Simulated world</a></p>
      <h1>The web pixel</h1>
      <p>
        It runs beside every checkout, once the visitor allows marketing, and tells the app which links they came by.
      </p>
    </header>
    <main>
      ${list(
        "Checkouts",
        world.pixelSightings.toReversed().map((seen) => row(seen.at, seen.event, sightingText(seen))),
        "Nothing yet. It begins with the next checkout.",
      )}
      ${list(
        "Shopify Flow",
        world.flowTriggers.toReversed().map(({ at, handle, payload }) => row(at, handle, JSON.stringify(payload))),
        "No workflow was started yet. The app does that only where its operator has switched it on.",
      )}
    </main>
  </body>`;
  return htmlDocument({ title: "The web pixel in the simulated world", styles: ["/_assets/pages.css"] }, body);
}

function list(title: string, rows: readonly Html[], none: string): Html {
  return html`<section>
    <h2>${title}</h2>
    ${
      rows.length === 0
        ? html`<p class="panel">${none}</p>`
        : html`<ul class="places">
            ${rows}
          </ul>`
    }
  </section>`;
}

function row(at: Date, title: string, text: string): Html {
  return html`<li class="panel">
    <strong>${title}</strong>
    <time class="hint" datetime="${at.toISOString()}">${at.toLocaleString("en-GB")}</time>
    <span>${text}</span>
  </li>`;
}

function sightingText({ outcome, checkoutToken, tokens, status }: PixelSighting): string {
  const checkout = `Checkout ${checkoutToken.slice(0, 8)}`;
  switch (outcome) {
    case "not_allowed":
      return `${checkout}. Not run: the visitor has not allowed marketing.`;
    case "heard":
      return `${checkout}. Heard; there was no link to tell of.`;
    case "told":
      return `${checkout}. Told the app of ${tokens === 1 ? "one link" : `${tokens} links`}, ${answerText(status)}.`;
  }
}

function answerText(status: number | null): string {
  return status === null ? "which could not be reached" : `which answered ${status}`;
}
