import { html, htmlDocument, type Html } from "./html.ts";
import type { StoredMail } from "../world/types.ts";
import type { World } from "../world/world.ts";

/** A mail and the number it has in the sink, counted from 0. */
type Numbered = { readonly mail: StoredMail; readonly number: number };

/** All mails that were sent, newest first, and the one that is open. */
export function mailPage(world: World, open: number | null): string {
  const mails = world.mails.map((mail, number): Numbered => ({ mail, number })).reverse();
  const shown = open === null ? mails[0] : mails.find(({ number }) => number === open);
  const body = html`<body>
    <header class="masthead small">
      <p><a href="/">‹ Simulated world</a></p>
      <h1>Mail</h1>
      <p>Every e-mail that was sent in this world.</p>
    </header>
    <main class="mail">
      ${
        mails.length === 0
          ? html`<p class="panel">No mail yet. The first ones go out when a reward is paid.</p>`
          : html`<nav aria-label="Mails">
                <ul class="mails">
                  ${mails.map((each) => mailRow(each, shown))}
                </ul>
              </nav>
              ${shown === undefined ? html`<p class="panel">There is no such mail.</p>` : openMail(shown)}`
      }
    </main>
  </body>`;
  return htmlDocument({ title: "Mail in the simulated world", styles: ["/_assets/pages.css"] }, body);
}

function mailRow({ mail, number }: Numbered, shown: Numbered | undefined): Html {
  return html`<li>
    <a href="/mail/${number}" ${shown?.number === number ? html`aria-current="page"` : null}>
      <strong>${mail.subject}</strong><span>${mail.to}</span
      ><time datetime="${mail.at.toISOString()}">${whenText(mail.at)}</time>
    </a>
  </li>`;
}

function openMail({ mail, number }: Numbered): Html {
  return html`<article class="panel">
    <h2>${mail.subject}</h2>
    <dl class="envelope">
      <div>
        <dt>From</dt>
        <dd>${mail.from}</dd>
      </div>
      <div>
        <dt>To</dt>
        <dd>${mail.to}</dd>
      </div>
      <div>
        <dt>Sent</dt>
        <dd>${whenText(mail.at)}</dd>
      </div>
    </dl>
    ${mail.html === "" ? null : html`<iframe title="The mail as it looks" src="/mail/${number}/body" sandbox=""></iframe>`}
    <h3>${mail.html === "" ? "Text" : "The same as text"}</h3>
    <pre>${mail.text}</pre>
  </article>`;
}

function whenText(at: Date): string {
  return at.toLocaleString("en-GB", {
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  });
}
