import { expectThat } from "../journey/http.ts";
import type { ReachPath } from "./path.ts";
import { claim, claimByForm, openLink, order, visitor } from "./stage.ts";

const CART = "hWN2-5f1c9943815c1867d7f353259";

/** What a friend asked for themselves, where the browser that tapped is not the one that buys. */
export const CLAIM_PATHS: readonly ReachPath[] = [
  {
    name: "other_device",
    about: "taps on the phone, uses the welcome code on a laptop",
    ends: "dan",
    by: "welcome_code",
    async *play({ shop, code }) {
      const { token } = await openLink(shop, code);
      const { welcomeCode } = await claim(shop, visitor("Mara", 2), { token, device: visitor("Mara", 2).device });
      yield "settled";
      await order(shop, { ...visitor("Mara", 2), device: visitor("Mara", 9).device }, { codes: [String(welcomeCode)] });
    },
  },
  {
    name: "in_app_browser_with_code",
    about: "a chat's own browser is closed; the code was mailed to herself",
    ends: "dan",
    by: "welcome_code",
    async *play({ shop, code }) {
      const mara = visitor("Mara", 2);
      const { token } = await openLink(shop, code);
      const { welcomeCode } = await claim(shop, mara, { token, email: mara.email });
      yield "settled";
      await order(shop, mara, { codes: [String(welcomeCode).toLowerCase()] });
    },
  },
  {
    name: "no_javascript",
    about: "a browser without scripts: the landing page's form, and its code",
    ends: "dan",
    by: "welcome_code",
    async *play({ shop, code }) {
      const mara = visitor("Mara", 2);
      const { token } = await openLink(shop, code);
      const welcomeCode = await claimByForm(shop, mara, token);
      yield "settled";
      await order(shop, mara, { codes: [welcomeCode] });
    },
  },
  {
    name: "email_first",
    about: "the merchant asks for the address first: the script gets no code, the landing page shows it",
    ends: "dan",
    by: "welcome_code",
    setting: { terms: { email_first: true } },
    async *play({ shop, code }) {
      const mara = visitor("Mara", 2);
      const { token } = await openLink(shop, code);
      const bare = await claim(shop, mara, { token, device: mara.device });
      expectThat(bare["welcomeCode"] === null && bare["emailFirst"] === true, "no address, no code", bare);
      const welcomeCode = await claimByForm(shop, mara, token);
      yield "settled";
      await order(shop, mara, { codes: [welcomeCode] });
    },
  },
  {
    name: "claim_without_corroboration",
    about: "somebody typed her address; no code, no device, no cart agrees",
    ends: "claim_unproven",
    async *play({ shop, code }) {
      const mara = visitor("Mara", 2);
      const { token } = await openLink(shop, code);
      await claim(shop, visitor("Eve", 8), { token, email: mara.email, device: visitor("Eve", 8).device });
      yield "settled";
      await order(shop, mara, { attributes: { _ref_device: mara.device } });
    },
  },
  {
    name: "claim_with_the_device",
    about: "address typed and bought in one browser, whose tokens were lost",
    ends: "dan",
    by: "claim",
    async *play({ shop, code }) {
      const mara = visitor("Mara", 2);
      const { token } = await openLink(shop, code);
      await claim(shop, mara, { token, email: mara.email, device: mara.device });
      yield "settled";
      await order(shop, mara, { attributes: { _ref_device: mara.device } });
    },
  },
  {
    name: "claim_with_the_cart",
    about: "a browser that stores nothing: the cart is the one that claimed",
    ends: "dan",
    by: "claim",
    async *play({ shop, code }) {
      const mara = visitor("Mara", 2);
      const { token } = await openLink(shop, code);
      await claim(shop, mara, { token, email: mara.email, cart: `${CART}?key=9c1f` });
      yield "settled";
      await order(shop, mara, { cartToken: CART });
    },
  },
  {
    name: "claim_for_a_later_reward",
    about: "the friend's side comes after the order: the address is evidence all the same",
    ends: "dan",
    by: "claim",
    setting: { terms: { friend: { when: "after_first_order" } } },
    async *play({ shop, code }) {
      const mara = visitor("Mara", 2);
      const { token } = await openLink(shop, code);
      const { welcomeCode } = await claim(shop, mara, { token, email: mara.email, device: mara.device });
      expectThat(welcomeCode === null, "there is no code before the order");
      yield "settled";
      await order(shop, mara, { attributes: { _ref_device: mara.device } });
    },
  },
  {
    name: "claim_with_another_cart",
    about: "the address is hers and the cart is not",
    ends: "claim_unproven",
    async *play({ shop, code }) {
      const mara = visitor("Mara", 2);
      const { token } = await openLink(shop, code);
      await claim(shop, visitor("Eve", 8), { token, email: mara.email, cart: CART });
      yield "settled";
      await order(shop, mara, { cartToken: `${CART}0` });
    },
  },
];
