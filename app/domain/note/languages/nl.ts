import type { Phrases } from "./phrases.ts";

export const NL: Phrases = {
  notes: {
    invite: {
      named:
        "Met {{name}}. Ik koop graag bij deze winkel. Met mijn link krijg je op je eerste bestelling {{reward}}: {{link}}",
      unnamed: "Ik koop graag bij deze winkel. Met mijn link krijg je op je eerste bestelling {{reward}}: {{link}}",
    },
    invite_short: {
      named: "Met {{name}}. Ik vind deze winkel fijn, en op je eerste bestelling krijg je {{reward}}: {{link}}",
      unnamed: "Ik vind deze winkel fijn, en op je eerste bestelling krijg je {{reward}}: {{link}}",
    },
    thanks_referrer: {
      named:
        "Bedankt dat je {{name}} naar ons hebt gebracht. De eerste bestelling is rond, en hier is je beloning: {{reward}}.",
      unnamed: "Bedankt dat je ons hebt aanbevolen. Een eerste bestelling is rond, en hier is je beloning: {{reward}}.",
    },
    thanks_friend: {
      named:
        "Welkom, en bedankt voor je eerste bestelling. Je bent door {{name}} bij ons gekomen, en hier is je beloning: {{reward}}.",
      unnamed:
        "Welkom, en bedankt voor je eerste bestelling. Je bent op aanraden bij ons gekomen, en hier is je beloning: {{reward}}.",
    },
    thanks_welcome: {
      named:
        "Welkom, en bedankt voor je eerste bestelling. Je bent door {{name}} bij ons gekomen, en dat leverde je dit op: {{reward}}.",
      unnamed:
        "Welkom, en bedankt voor je eerste bestelling. Je bent op aanraden bij ons gekomen, en dat leverde je dit op: {{reward}}.",
    },
  },
  rewards: {
    fixed: "{money} korting",
    percent: "{percent} korting",
    free_shipping: "gratis verzending",
    store_credit: "{money} winkeltegoed",
    gift_card: "een cadeaubon van {money}",
  },
  mail: {
    subject: "Een bedankje van {shop}",
    hello: "Hallo {name},",
    helloUnnamed: "Hallo,",
    code: "De code geldt voor een bestelling bij {shop}, nog {days}, tot het einde van {day}. Vul hem in bij het afrekenen:",
    giftCard: "De bon geldt bij {shop} nog {days}, tot het einde van {day}. Vul deze code in bij het afrekenen:",
    storeCredit:
      "Het tegoed staat op je account bij {shop} en geldt nog {days}, tot het einde van {day}. Log in bij het afrekenen en het gaat eraf.",
    used: "Je kunt zelf ook iemand uitnodigen: je link staat in je account bij {shop}.",
    shop: "De winkel: {origin}",
    button: "Naar de winkel",
    why: "Je krijgt deze mail vanwege een aanbeveling bij {shop}.",
    stop: "Niet meer ontvangen",
  },
  sms: {
    code: "{shop}: bedankt! Je code voor {reward}, geldig tot {day}: {code}",
    bare: "{shop}: bedankt! Voor jou: {reward}. Bekijk je account: {origin}",
  },
  days: { one: "{n} dag", other: "{n} dagen" },
};
