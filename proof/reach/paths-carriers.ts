import { bind, signUp } from "../journey/actors.ts";
import { expectThat } from "../journey/http.ts";
import type { ReachPath } from "./path.ts";
import { cartWith, confirmPage, importLines, nameLink, openLink, order, pixel, visitor } from "./stage.ts";

const CHECKOUT = "c1a7f9943815c1867d7f3532590e5597";

/** What carries a tap to an order, with less and less to carry it. */
export const CARRIER_PATHS: readonly ReachPath[] = [
  {
    name: "same_device",
    about: "taps, signs up, buys in one browser",
    ends: "dan",
    by: "account_bind",
    async *play({ shop, code }) {
      const { token } = await openLink(shop, code);
      const mara = await signUp(shop, { firstName: "Mara", seed: 2 });
      await bind(shop, mara, [String(token)]);
      yield "settled";
      await order(shop, mara, { attributes: cartWith([token], mara) });
    },
  },
  {
    name: "guest",
    about: "taps and buys without an account",
    ends: "dan",
    by: "cart_attribute",
    async *play({ shop, code }) {
      const mara = visitor("Mara", 2);
      const { token } = await openLink(shop, code);
      yield "settled";
      await order(shop, mara, { attributes: cartWith([token], mara) });
    },
  },
  {
    name: "no_cookies",
    about: "a browser that stores nothing: only the first page's address is left",
    ends: "dan",
    by: "landing_site",
    async *play({ shop, code }) {
      const { token } = await openLink(shop, code);
      yield "settled";
      await order(shop, visitor("Mara", 2), { landingSite: `/?ref_token=${String(token)}` });
    },
  },
  {
    name: "page_seen_then_attributes_lost",
    about: "the page said it was seen; a rival app replaced the cart's attributes",
    ends: "dan",
    by: "landing_site",
    async *play({ shop, code }) {
      const mara = visitor("Mara", 2);
      const { token } = await openLink(shop, code);
      await confirmPage(shop, mara, token);
      yield "settled";
      await order(shop, mara, { attributes: { gift_note: "x" }, landingSite: `/?ref_token=${String(token)}` });
    },
  },
  {
    name: "cart_attributes_wiped",
    about: "another app replaced the cart's attributes; the account knows the tap",
    ends: "dan",
    by: "account_bind",
    async *play({ shop, code }) {
      const { token } = await openLink(shop, code);
      const mara = await signUp(shop, { firstName: "Mara", seed: 2 });
      await bind(shop, mara, [String(token)]);
      yield "settled";
      await order(shop, mara, { attributes: { gift_note: "x" } });
    },
  },
  {
    name: "buy_it_now",
    about: "a checkout of its own, past the cart; the pixel saw it",
    ends: "dan",
    by: "pixel",
    async *play({ shop, code }) {
      const mara = visitor("Mara", 2);
      const { token } = await openLink(shop, code);
      await pixel(shop, mara, { checkoutToken: CHECKOUT, tokens: [String(token)] });
      yield "settled";
      await order(shop, mara, { checkoutToken: CHECKOUT });
    },
  },
  {
    name: "accelerated_checkout",
    about: "a wallet on the product page; the pixel is heard after the order",
    ends: "dan",
    by: "pixel",
    async *play({ shop, code }) {
      const mara = visitor("Mara", 2);
      const { token } = await openLink(shop, code);
      await order(shop, mara, { checkoutToken: CHECKOUT });
      yield "settled";
      await pixel(shop, mara, { checkoutToken: CHECKOUT, tokens: [String(token)] });
    },
  },
  {
    name: "buy_it_now_nothing_heard",
    about: "past the cart, without consent to the pixel, no code: nothing is guessed",
    ends: "no_token",
    async *play({ shop, code }) {
      await openLink(shop, code);
      yield "settled";
      await order(shop, visitor("Mara", 2), { checkoutToken: CHECKOUT });
    },
  },
  {
    name: "sign_up_after",
    about: "buys as a guest, logs in the next minute, and only then the tap is told",
    ends: "dan",
    by: "account_bind",
    async *play({ shop, code }) {
      const { token } = await openLink(shop, code);
      const mara = await signUp(shop, { firstName: "Mara", seed: 2 });
      await order(shop, mara);
      yield "settled";
      await bind(shop, mara, [String(token)]);
    },
  },
  {
    name: "sign_up_first",
    about: "has an account before the tap, and has never bought",
    ends: "dan",
    by: "account_bind",
    async *play({ shop, code }) {
      const mara = await signUp(shop, { firstName: "Mara", seed: 2 });
      yield "settled";
      const { token } = await openLink(shop, code, { customerId: mara.id });
      await bind(shop, mara, [String(token)]);
      yield "settled";
      await order(shop, mara, { attributes: cartWith([token], mara) });
    },
  },
  {
    name: "five_hundred_tokens",
    about: "a browser hands over five hundred; the newest few are weighed",
    ends: "dan",
    by: "account_bind",
    async *play({ shop, code }) {
      const { token } = await openLink(shop, code);
      const mara = await signUp(shop, { firstName: "Mara", seed: 2 });
      const noise = Array.from({ length: 499 }, (_, n) => `${String(n).padStart(4, "0")}${"x".repeat(120)}`);
      await bind(shop, mara, [String(token), ...noise]);
      yield "settled";
      await order(shop, mara);
    },
  },
  {
    name: "protected_fields_null",
    about: "a shop that tells no name, e-mail, phone or address",
    ends: "dan",
    by: "account_bind",
    setting: { protectedFields: false },
    async *play({ shop, code }) {
      const { token } = await openLink(shop, code);
      const mara = await signUp(shop, { firstName: "Mara", seed: 2 });
      await bind(shop, mara, [String(token)]);
      yield "settled";
      await order(shop, mara, { attributes: cartWith([token], mara) });
    },
  },
  {
    name: "code_in_small_letters",
    about: "typed by hand from a printed card",
    ends: "dan",
    by: "cart_attribute",
    async *play({ shop, code }) {
      const mara = visitor("Mara", 2);
      const { token } = await openLink(shop, code.toLowerCase());
      expectThat(token !== null, "capitals do not matter");
      yield "settled";
      await order(shop, mara, { attributes: cartWith([token], mara) });
    },
  },
  {
    name: "vanity_name",
    about: "the merchant gave the link a name of its own",
    ends: "dan",
    by: "cart_attribute",
    async *play(stage) {
      const mara = visitor("Mara", 2);
      await nameLink(stage, stage.code, "dan-and-mara");
      const { token } = await openLink(stage.shop, "Dan-and-Mara");
      yield "settled";
      await order(stage.shop, mara, { attributes: cartWith([token], mara) });
    },
  },
  {
    name: "imported_code",
    about: "a code of another programme, brought over",
    ends: "dan",
    by: "cart_attribute",
    async *play({ shop, dan }) {
      const mara = visitor("Mara", 2);
      const told = await importLines(shop, `code,customer\nOLD-DAN-10,${dan.id}\nOLD-DAN-10,${dan.id}\nOLD-X,1`);
      expectThat(told["added"] === 1 && told["known"] === 1, "one line is new, one known, one refused", told);
      const { token } = await openLink(shop, "old-dan-10");
      yield "settled";
      await order(shop, mara, { attributes: cartWith([token], mara) });
    },
  },
];
