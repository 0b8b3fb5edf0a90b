import type { Phrases } from "./phrases.ts";

export const EN: Phrases = {
  notes: {
    invite: {
      named:
        "{{name}} here. I buy from this shop and like it. Your first order brings you {{reward}} when you start from my link: {{link}}",
      unnamed:
        "I buy from this shop and like it. Your first order brings you {{reward}} when you start from my link: {{link}}",
    },
    invite_short: {
      named: "{{name}} here. I like this shop, and your first order brings you {{reward}}: {{link}}",
      unnamed: "I like this shop, and your first order brings you {{reward}}: {{link}}",
    },
    thanks_referrer: {
      named:
        "Thank you for bringing {{name}} to us. Their first order is complete, so here is your reward: {{reward}}.",
      unnamed:
        "Thank you for bringing a friend to us. Their first order is complete, so here is your reward: {{reward}}.",
    },
    thanks_friend: {
      named:
        "Welcome, and thank you for your first order. As {{name}} sent you to us, here is your reward: {{reward}}.",
      unnamed:
        "Welcome, and thank you for your first order. As a friend sent you to us, here is your reward: {{reward}}.",
    },
    thanks_welcome: {
      named:
        "Welcome, and thank you for your first order. {{name}} sent you to us, which brought you {{reward}} on it.",
      unnamed:
        "Welcome, and thank you for your first order. A friend sent you to us, which brought you {{reward}} on it.",
    },
  },
  rewards: {
    fixed: "{money} off",
    percent: "{percent} off",
    free_shipping: "free delivery",
    store_credit: "{money} in store credit",
    gift_card: "a gift card of {money}",
  },
  mail: {
    subject: "A thank-you from {shop}",
    hello: "Hello {name},",
    helloUnnamed: "Hello,",
    code: "It is good for one order at {shop} in the next {days}, until the end of {day}. Enter this code at checkout:",
    giftCard: "It is good at {shop} for {days}, until the end of {day}. Enter this gift card code at checkout:",
    storeCredit:
      "It is on your account at {shop} and good for {days}, until the end of {day}. Sign in at checkout and it is taken off.",
    used: "You can send friends of your own: your link is in your account at {shop}.",
    shop: "Shop: {origin}",
    button: "Go to the shop",
    why: "You get this mail because of a referral at {shop}.",
    stop: "No more of these",
  },
  sms: {
    code: "{shop}: thank you! Your code for {reward}, good until {day}: {code}",
    bare: "{shop}: thank you! You get {reward}. See your account: {origin}",
  },
  days: { one: "{n} day", other: "{n} days" },
};
