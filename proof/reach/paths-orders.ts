import { bind, signUp } from "../journey/actors.ts";
import { control } from "../journey/http.ts";
import type { ReachPath } from "./path.ts";
import { cartWith, claim, endOf, openLink, order, visitor } from "./stage.ts";

const SECOND_MS = 1_000;

/** Orders of every kind, and when they come. */
export const ORDER_PATHS: readonly ReachPath[] = [
  {
    name: "till_without_code",
    about: "the till knows no browser, whatever the order says",
    ends: "no_token",
    async *play({ shop, code }) {
      const mara = visitor("Mara", 2);
      const { token } = await openLink(shop, code);
      yield "settled";
      await order(shop, mara, { source: "pos", attributes: cartWith([token], mara) });
    },
  },
  {
    name: "till_with_code",
    about: "shows the welcome code at the till",
    ends: "dan",
    by: "welcome_code",
    async *play({ shop, code }) {
      const mara = visitor("Mara", 2);
      const { token } = await openLink(shop, code);
      const { welcomeCode } = await claim(shop, mara, { token, device: mara.device });
      yield "settled";
      await order(shop, mara, { source: "pos", codes: [String(welcomeCode)] });
    },
  },
  {
    name: "draft_without_code",
    about: "an order that staff wrote",
    ends: "no_token",
    async *play({ shop, code }) {
      const mara = visitor("Mara", 2);
      const { token } = await openLink(shop, code);
      yield "settled";
      await order(shop, mara, { source: "shopify_draft_order", landingSite: `/?ref_token=${String(token)}` });
    },
  },
  {
    name: "draft_with_code",
    about: "staff put her welcome code on it",
    ends: "dan",
    by: "welcome_code",
    async *play({ shop, code }) {
      const mara = visitor("Mara", 2);
      const { token } = await openLink(shop, code);
      const { welcomeCode } = await claim(shop, mara, { token, device: mara.device });
      yield "settled";
      await order(shop, mara, { source: "shopify_draft_order", codes: [String(welcomeCode)] });
    },
  },
  {
    name: "subscription_first_order",
    about: "the first order of a subscription is a first order",
    ends: "dan",
    by: "cart_attribute",
    async *play({ shop, code }) {
      const mara = visitor("Mara", 2);
      const { token } = await openLink(shop, code);
      yield "settled";
      await order(shop, mara, { subscription: true, attributes: cartWith([token], mara) });
    },
  },
  {
    name: "subscription_renewal",
    about: "has subscribed already; a later order by itself brings nobody",
    ends: "existing_customer",
    async *play({ shop, code }) {
      const mara = visitor("Mara", 2);
      await order(shop, mara, { subscription: true });
      yield "settled";
      await control(shop.target, "POST", "clock", { advance: "PT2M" });
      const { token } = await openLink(shop, code);
      const attributes = cartWith([token], mara);
      await order(shop, mara, { subscription: true, source: "subscription_contract", attributes });
    },
  },
  {
    name: "in_the_last_second",
    about: "buys in the last whole second of the window",
    ends: "dan",
    by: "cart_attribute",
    async *play({ shop, code }) {
      const mara = visitor("Mara", 2);
      const { token } = await openLink(shop, code);
      yield "a_month_later";
      const lastSecond = Math.floor(endOf(String(token)) / SECOND_MS) * SECOND_MS;
      const createdAt = new Date(lastSecond).toISOString();
      await order(shop, mara, { createdAt, attributes: cartWith([token], mara) });
    },
  },
  {
    name: "expired_by_a_second",
    about: "the window ended a second ago",
    ends: "expired",
    async *play({ shop, code }) {
      const mara = visitor("Mara", 2);
      const { token } = await openLink(shop, code);
      yield "a_month_later";
      const createdAt = new Date(Math.floor(endOf(String(token)) / SECOND_MS) * SECOND_MS + SECOND_MS).toISOString();
      await order(shop, mara, { createdAt, attributes: cartWith([token], mara) });
    },
  },
  {
    name: "late_payment",
    about: "orders in time, and the bank transfer comes a month later",
    ends: "dan",
    by: "cart_attribute",
    async *play({ shop, code }) {
      const mara = visitor("Mara", 2);
      const { token } = await openLink(shop, code);
      yield "settled";
      const id = await order(shop, mara, { paid: false, attributes: cartWith([token], mara) });
      yield "a_month_later";
      await control(shop.target, "POST", `orders/${id}/pay`, {});
    },
  },
  {
    name: "signed_up_in_time_bought_too_late",
    about: "opened by the sign-up, and the order came after the window",
    ends: "link_expired",
    async *play({ shop, code }) {
      const { token } = await openLink(shop, code);
      const mara = await signUp(shop, { firstName: "Mara", seed: 2 });
      await bind(shop, mara, [String(token)]);
      yield "a_month_later";
      await control(shop.target, "POST", "clock", { advance: "P2D" });
      yield "settled";
      await order(shop, mara, { attributes: cartWith([token], mara) });
    },
  },
  {
    name: "last_second_click",
    about: "the checkout had begun before the tap",
    ends: "late",
    async *play({ shop, code }) {
      const mara = visitor("Mara", 2);
      const { now } = await control(shop.target, "GET", "clock");
      const begun = new Date(Date.parse(String(now)) - 60 * SECOND_MS).toISOString();
      const { token } = await openLink(shop, code);
      yield "settled";
      await order(shop, mara, { attributes: { ...cartWith([token], mara), _ref_cart_at: begun } });
    },
  },
];
