import type { LandingWords } from "./landing-words.ts";

export const EN: LandingWords = {
  gave: { named: "{from} gave you {offer}", unnamed: "A friend gave you {offer}" },
  card: {
    named: "{from} gives you {offer}",
    unnamed: "A friend gives you {offer}",
    at: "at {shop}",
    qr: "QR code of the link",
  },
  preview: {
    title: "A friend recommends {shop}",
    text: "Tap to see what {shop} has for you and your friend.",
    onward: "Go on to {shop}",
  },
  ask: "Tell us your e-mail address and it is yours.",
  askFirst: "Tell us your e-mail address and we show you your code.",
  when: {
    on_first_order: "Your code is for your first order.",
    after_first_order: "It is yours after your first order.",
  },
  email: "E-mail",
  button: "Get {offer}",
  kept: "We use your address to recognise your first order, and keep no more than a fingerprint of it.",
  badAddress: "Enter an e-mail address, such as mara@example.com.",
  code: "Your code for {offer} your first order:",
  use: "Use it now",
  basket: "It is put on your basket. On another device, type it at the checkout.",
  making: "Your code is being made. Open this page again in a minute.",
  later: "{offer}: we will send it after your first order.",
  shop: "Go to the shop",
  closed: "This offer is not open to you",
  refusals: {
    link_expired: "This link is no longer valid.",
    campaign_closed: "Referrals are closed at the moment.",
    currency_changed: "New referrals wait until the shop has set its offer in its new currency.",
    not_new_customer: "This offer is for new customers.",
    too_many_requests: "Too many requests. Try again in a while.",
    bad_request: "The request cannot be read.",
  },
};
