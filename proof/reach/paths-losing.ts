import { expectThat } from "../journey/http.ts";
import type { ReachPath } from "./path.ts";
import { cartWith, confirmPage, openLink, openStage, order, retire, saveTerms, visitor } from "./stage.ts";

const BOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

/** Taps that count for nothing, and why. */
export const LOSING_PATHS: readonly ReachPath[] = [
  {
    name: "owner_logged_in",
    about: "the owner tries their own link: it works, and carries nothing",
    ends: "no_token",
    async *play({ shop, code, dan }) {
      const { status, token } = await openLink(shop, code, { customerId: dan.id });
      expectThat(status === 302 && token === null, "the owner is sent on without a token");
      yield "settled";
      await order(shop, visitor("Mara", 2));
    },
  },
  {
    name: "bot",
    about: "a crawler follows the link",
    ends: "no_token",
    async *play({ shop, code }) {
      const { status, token } = await openLink(shop, code, { agent: BOT });
      expectThat(status === 302 && token === null, "a bot is sent on without a token");
      yield "settled";
      await order(shop, visitor("Mara", 2));
    },
  },
  {
    name: "prefetch",
    about: "a browser looks ahead",
    ends: "no_token",
    async *play({ shop, code }) {
      const { token } = await openLink(shop, code, { headers: { "sec-purpose": "prefetch;prerender" } });
      expectThat(token === null, "looking ahead is no tap");
      yield "settled";
      await order(shop, visitor("Mara", 2));
    },
  },
  {
    name: "head_request",
    about: "a link checker asks for headers only",
    ends: "no_token",
    async *play({ shop, code }) {
      const { token } = await openLink(shop, code, { method: "HEAD" });
      expectThat(token === null, "asking for headers is no tap");
      yield "settled";
      await order(shop, visitor("Mara", 2));
    },
  },
  {
    name: "preview_fetch",
    about: "a chat draws the link's preview",
    ends: "no_token",
    async *play({ shop, code }) {
      const { status, token, body } = await openLink(shop, code, { agent: "WhatsApp/2.24.3 A" });
      expectThat(status === 200 && token === null && body.includes("og:title"), "a chat gets a page to show");
      yield "settled";
      await order(shop, visitor("Mara", 2));
    },
  },
  {
    name: "hidden_image",
    about: "the link is the source of a picture on somebody's page",
    ends: "forced",
    async *play({ shop, code }) {
      const { token } = await openLink(shop, code, { headers: { "sec-fetch-dest": "image" } });
      yield "settled";
      await order(shop, visitor("Mara", 2), { landingSite: `/?ref_token=${String(token)}` });
    },
  },
  {
    name: "hidden_frame",
    about: "the link is opened in a frame",
    ends: "forced",
    async *play({ shop, code }) {
      const mara = visitor("Mara", 2);
      const { token } = await openLink(shop, code, { headers: { "sec-fetch-dest": "iframe" } });
      yield "settled";
      await order(shop, mara, { attributes: cartWith([token], mara) });
    },
  },
  {
    name: "page_never_seen",
    about: "the embed is on, and no page in sight was ever opened by the tap",
    ends: "forced",
    async *play({ shop, code }) {
      const somebody = await openLink(shop, code);
      await confirmPage(shop, visitor("Ben", 3), somebody.token);
      const { token } = await openLink(shop, code);
      yield "settled";
      await order(shop, visitor("Mara", 2), { landingSite: `/?ref_token=${String(token)}` });
    },
  },
  {
    name: "retired_link",
    about: "the only link was retired before the tap",
    ends: "retired_code",
    async *play(stage) {
      const mara = visitor("Mara", 2);
      await retire(stage, stage.code, "merchant");
      const { status, token } = await openLink(stage.shop, stage.code);
      expectThat(status === 302, "a retired link still leads to the shop");
      yield "settled";
      await order(stage.shop, mara, { attributes: cartWith([token], mara) });
    },
  },
  {
    name: "campaign_closed",
    about: "the programme is paused",
    ends: "campaign_closed",
    async *play({ shop, code }) {
      const mara = visitor("Mara", 2);
      await saveTerms(shop, { paused: true });
      const { token } = await openLink(shop, code);
      yield "settled";
      await order(shop, mara, { attributes: cartWith([token], mara) });
    },
  },
  {
    name: "unknown_link",
    about: "a mistyped link looks like any other, and leads to nobody",
    ends: "no_token",
    async *play({ shop }) {
      const mara = visitor("Mara", 2);
      const { status, token } = await openLink(shop, "ZZZZZ");
      expectThat(status === 302 && token !== null, "nobody can tell by the answer");
      yield "settled";
      await order(shop, mara, { attributes: cartWith([token], mara) });
    },
  },
  {
    name: "token_of_another_shop",
    about: "a good token of the shop next door",
    ends: "no_token",
    async *play({ shop, observer }) {
      const mara = visitor("Mara", 2);
      const other = await openStage(shop.target, observer, "next_door");
      const { token } = await openLink(other.shop, other.code);
      yield "settled";
      await order(shop, mara, { attributes: cartWith([token], mara) });
    },
  },
  {
    name: "edited_token",
    about: "one letter of the token was changed",
    ends: "no_token",
    async *play({ shop, code }) {
      const mara = visitor("Mara", 2);
      const { token } = await openLink(shop, code);
      const edited = `${String(token).slice(0, 60)}${String(token)[60] === "A" ? "B" : "A"}${String(token).slice(61)}`;
      yield "settled";
      await order(shop, mara, { attributes: cartWith([edited], mara) });
    },
  },
];
