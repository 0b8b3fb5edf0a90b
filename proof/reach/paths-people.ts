import { bind, signUp, takeLink } from "../journey/actors.ts";
import { control } from "../journey/http.ts";
import type { ReachPath } from "./path.ts";
import { cartWith, openLink, order, registerByForm, retire, visitor } from "./stage.ts";
import type { Stage } from "./stage.ts";

/** Eve, who has bought too, takes a link of her own. */
async function evesLink({ shop }: Stage): Promise<string> {
  const eve = await signUp(shop, { firstName: "Eve", seed: 5, pastOrders: 1 });
  return String((await takeLink(shop, eve))["code"]);
}

/** Who is who: more than one referrer, more than one account, and people who are no friends at all. */
export const PEOPLE_PATHS: readonly ReachPath[] = [
  {
    name: "two_referrers",
    about: "the last tap counts",
    ends: "eve",
    by: "cart_attribute",
    losers: ["older_click"],
    async *play(stage) {
      const { shop, code } = stage;
      const mara = visitor("Mara", 2);
      const eves = await evesLink(stage);
      const first = await openLink(shop, code);
      const second = await openLink(shop, eves);
      yield "settled";
      await order(shop, mara, { attributes: cartWith([second.token, first.token], mara) });
    },
  },
  {
    name: "two_referrers_last_one_retired",
    about: "the last tap's link was retired for abuse: the one before counts",
    ends: "dan",
    by: "cart_attribute",
    losers: ["retired_code"],
    async *play(stage) {
      const { shop, code } = stage;
      const mara = visitor("Mara", 2);
      const eves = await evesLink(stage);
      const first = await openLink(shop, code);
      const second = await openLink(shop, eves);
      await retire(stage, eves, "abuse");
      yield "settled";
      await order(shop, mara, { attributes: cartWith([second.token, first.token], mara) });
    },
  },
  {
    name: "already_referred",
    about: "once the sign-up opened it, a later tap on another link changes nothing",
    ends: "dan",
    by: "account_bind",
    losers: ["already_referred"],
    async *play(stage) {
      const { shop, code } = stage;
      const eves = await evesLink(stage);
      const first = await openLink(shop, code);
      const mara = await signUp(shop, { firstName: "Mara", seed: 2 });
      await bind(shop, mara, [String(first.token)]);
      yield "settled";
      const second = await openLink(shop, eves);
      await bind(shop, mara, [String(second.token), String(first.token)]);
      yield "settled";
      await order(shop, mara, { attributes: cartWith([second.token, first.token], mara) });
    },
  },
  {
    name: "registration_form",
    about: "a theme's own sign-up form brings the link, and nothing else does",
    ends: "dan",
    by: "account_bind",
    async *play({ shop, code }) {
      const { token } = await openLink(shop, code);
      const mara = await registerByForm(shop, visitor("Mara", 2), token);
      yield "settled";
      await order(shop, mara);
    },
  },
  {
    name: "registration_form_edited",
    about: "somebody edited what the form brings",
    ends: "no_token",
    async *play({ shop, code }) {
      const { token } = await openLink(shop, code);
      const edited = `${String(token).slice(0, -4)}AAAA`;
      const mara = await registerByForm(shop, visitor("Mara", 2), edited);
      yield "settled";
      await order(shop, mara);
    },
  },
  {
    name: "two_accounts_merged",
    about: "signed up twice, bought with the second; Shopify merges them",
    ends: "dan",
    by: "account_bind",
    async *play({ shop, code }) {
      const { token } = await openLink(shop, code);
      const mara = await signUp(shop, { firstName: "Mara", seed: 2 });
      const again = await signUp(shop, { firstName: "Mara", seed: 3 });
      await bind(shop, mara, [String(token)]);
      yield "settled";
      await control(shop.target, "POST", `customers/${again.id}/merge`, { into: mara.id });
      yield "settled";
      await order(shop, mara);
    },
  },
  {
    name: "self",
    about: "Dan buys through his own link, logged out",
    ends: "self_click",
    async *play({ shop, code, dan }) {
      const { token } = await openLink(shop, code);
      yield "settled";
      await order(shop, dan, { attributes: cartWith([token], dan) });
    },
  },
  {
    name: "self_second_account",
    about: "Dan's second account, in his browser, with his card",
    ends: "same_card_and_device",
    async *play({ shop, code, dan }) {
      await order(shop, dan, { attributes: { _ref_device: dan.device } });
      const { token } = await openLink(shop, code);
      const again = await signUp(shop, { firstName: "Dano", seed: 4, sameBrowserAs: dan, sameCardAs: dan });
      await bind(shop, again, [String(token)]);
      yield "settled";
      await order(shop, again, { attributes: cartWith([token], again) });
    },
  },
  {
    name: "existing_customer",
    about: "bought before the tap",
    ends: "existing_customer",
    async *play({ shop, code }) {
      const tom = await signUp(shop, { firstName: "Tom", seed: 6, pastOrders: 1 });
      yield "settled";
      await control(shop.target, "POST", "clock", { advance: "PT2M" });
      const { token } = await openLink(shop, code);
      await order(shop, tom, { attributes: cartWith([token], tom) });
    },
  },
];
