import { html, htmlDocument, type Html } from "./html.ts";
import { storefrontUrl } from "../world/shops.ts";
import type { Customer, Shop } from "../world/types.ts";
import type { World } from "../world/world.ts";
import type { Simulator } from "../context.ts";
import { feedLines, type FeedLine } from "./feed.ts";
import { hardshipsSection } from "./hardships.ts";

/** Who plays in the demo. The e-mail finds the customer when there is one; Mara first has to sign up. */
const CAST = [
  { identity: "dan", email: "dan@", title: "Dan", part: "Has bought before. Takes his link and shares it." },
  {
    identity: "mara",
    email: "mara@",
    title: "Mara",
    part: "A friend of Dan's, in a browser of her own. New to the shop.",
  },
] as const;

/** The parts of the simulator that the front page shows. */
export type Glance = Pick<Simulator, "world" | "dispatcher">;

/** The front page: who can be played, where to go, what time it is, and what just happened. */
export function frontPage(simulator: Glance): string {
  const { world } = simulator;
  const shops = [...world.shops.values()];
  const body = html`<body>
    <header class="masthead">
      <h1>${shops[0]?.name ?? "The simulated world"}</h1>
      <p>A pretend shop with Goodword installed, on this machine. Nothing here is real, and nothing leaves it.</p>
    </header>
    <main>
      ${shops.length === 0 ? html`<p class="panel">No shop has opened yet. The demo does that when it starts.</p>` : null}
      ${shops.slice(0, 1).map((shop) => castSection(shop))}
      <div class="pair">${placesSection(world, shops)} ${timeSection(world)}</div>
      ${shops.slice(0, 1).map(hardshipsSection)} ${feedSection(simulator)}
    </main>
    <script src="/_assets/front.js"></script>
  </body>`;
  return htmlDocument(
    { title: `${shops[0]?.name ?? "Simulated world"} at a glance`, styles: ["/_assets/pages.css"] },
    body,
  );
}

function castSection(shop: Shop): Html {
  const base = storefrontUrl(shop);
  return html`<section aria-labelledby="cast">
    <h2 id="cast">Be somebody</h2>
    <ul class="cast">
      ${CAST.map((person) => {
        const customer = customerNamed(shop, person.email, person.title);
        const query = customer === null ? "" : `?customer=${customer.id}`;
        return html`<li class="panel">
          <h3>${person.title}</h3>
          <p>${person.part}</p>
          <p class="actions">
            <a class="button" href="${base}/_identity/${person.identity}${query}">Open the shop as ${person.title}</a>
            ${
              customer === null
                ? html`<a href="${base}/_identity/${person.identity}?to=/account/register">Sign up</a>`
                : html`<a href="${base}/_identity/${person.identity}${query}&amp;to=/account/referrals"
                    >${person.title}'s link</a
                  >`
            }
          </p>
        </li>`;
      })}
      <li class="panel">
        <h3>The merchant</h3>
        <p>Sees what referrals bring, sets the offer, decides what is held.</p>
        <p class="actions">
          <a class="button" href="/_admin/${shop.handle}/apps/goodword">Open the admin</a>
          <a href="/_admin/${shop.handle}/discounts">Discount codes</a>
        </p>
      </li>
    </ul>
    <p class="hint">
      Dan and Mara each keep a browser of their own: basket, log-in and storage change with the person. Take Dan's link
      as Dan, then tap it as Mara: his page has a button for that.
    </p>
  </section>`;
}

function customerNamed(shop: Shop, email: string, firstName: string): Customer | null {
  const customers = [...shop.customers.values()];
  const byEmail = customers.find((customer) => customer.email?.startsWith(email) === true);
  return byEmail ?? customers.find((customer) => customer.firstName === firstName) ?? null;
}

function placesSection(world: World, shops: readonly Shop[]): Html {
  return html`<section aria-labelledby="places">
    <h2 id="places">Places</h2>
    <ul class="places">
      ${shops.map(
        (shop) =>
          html`<li class="panel">
            <strong>${shop.name}</strong> <span class="hint">${shop.currency}</span>
            <span class="actions"
              ><a href="${storefrontUrl(shop)}/">Shop</a><a href="/_admin/${shop.handle}">Admin</a></span
            >
          </li>`,
      )}
      <li class="panel">
        <strong>Mail</strong> <span class="hint"><span id="mails">${world.mails.length}</span> received</span
        ><span class="actions"><a href="/mail">Read the mail</a><a href="/sms">Text messages</a></span>
      </li>
    </ul>
  </section>`;
}

function timeSection(world: World): Html {
  return html`<section aria-labelledby="time">
    <h2 id="time">Time</h2>
    <div class="panel clock">
      <p>
        In this world it is
        <strong
          ><time id="now" datetime="${world.clock.now().toISOString()}">${timeText(world.clock.now())}</time></strong
        >.
      </p>
      <p class="actions">
        <button class="button plain" type="button" data-advance="P1D">One day on</button>
        <button class="button plain" type="button" data-advance="P14D">Fourteen days on</button>
      </p>
      <p class="hint" id="clock-said" role="status">Rewards are paid once the return period, fourteen days, is over.</p>
    </div>
  </section>`;
}

function feedSection(simulator: Glance): Html {
  return html`<section aria-labelledby="feed-title">
    <h2 id="feed-title">What just happened</h2>
    <ol class="feed panel" id="feed" tabindex="0" aria-labelledby="feed-title">
      ${feedLines(simulator).map(
        ({ at, text, kind }) =>
          html`<li class="${kind}"><time datetime="${at}">${timeText(new Date(at))}</time> <span>${text}</span></li>`,
      )}
    </ol>
  </section>`;
}

/** What the front page asks for again and again. */
export type FrontFacts = { readonly now: string; readonly mails: number; readonly feed: readonly FeedLine[] };

/** Time, mails and feed as they are now. */
export function frontFacts(simulator: Glance): FrontFacts {
  const { clock, mails } = simulator.world;
  return { now: clock.now().toISOString(), mails: mails.length, feed: feedLines(simulator) };
}

/** A point in time as the front page writes it. */
function timeText(at: Date): string {
  return at.toLocaleString("en-GB", {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  });
}
