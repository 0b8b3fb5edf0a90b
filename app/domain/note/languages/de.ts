import type { Phrases } from "./phrases.ts";

export const DE: Phrases = {
  notes: {
    invite: {
      named:
        "Hier ist {{name}}. Ich kaufe gern in diesem Laden ein. Mit meinem Link bringt dir deine erste Bestellung einen Vorteil: {{reward}}. {{link}}",
      unnamed:
        "Ich kaufe gern in diesem Laden ein. Mit meinem Link bringt dir deine erste Bestellung einen Vorteil: {{reward}}. {{link}}",
    },
    invite_short: {
      named: "Hier ist {{name}}. Ich mag diesen Laden, und für deine erste Bestellung gibt es {{reward}}: {{link}}",
      unnamed: "Ich mag diesen Laden, und für deine erste Bestellung gibt es {{reward}}: {{link}}",
    },
    thanks_referrer: {
      named:
        "Danke, dass du {{name}} zu uns gebracht hast. Die erste Bestellung ist abgeschlossen, und hier ist deine Belohnung: {{reward}}.",
      unnamed:
        "Danke, dass du jemanden zu uns gebracht hast. Die erste Bestellung ist abgeschlossen, und hier ist deine Belohnung: {{reward}}.",
    },
    thanks_friend: {
      named:
        "Willkommen, und danke für deine erste Bestellung. {{name}} hat dich zu uns geschickt, und hier ist deine Belohnung: {{reward}}.",
      unnamed:
        "Willkommen, und danke für deine erste Bestellung. Du bist uns empfohlen worden, und hier ist deine Belohnung: {{reward}}.",
    },
    thanks_welcome: {
      named:
        "Willkommen, und danke für deine erste Bestellung. {{name}} hat dich zu uns geschickt, und das war dein Vorteil: {{reward}}.",
      unnamed:
        "Willkommen, und danke für deine erste Bestellung. Du bist auf Empfehlung gekommen, und das war dein Vorteil: {{reward}}.",
    },
  },
  rewards: {
    fixed: "{money} Rabatt",
    percent: "{percent} Rabatt",
    free_shipping: "kostenloser Versand",
    store_credit: "{money} Guthaben",
    gift_card: "ein Geschenkgutschein über {money}",
  },
  mail: {
    subject: "Ein Dankeschön von {shop}",
    hello: "Hallo {name},",
    helloUnnamed: "Hallo,",
    code: "Der Code gilt für eine Bestellung bei {shop}, noch {days}, bis zum Ende des {day}. Gib ihn an der Kasse ein:",
    giftCard: "Der Gutschein gilt bei {shop} noch {days}, bis zum Ende des {day}. Gib diesen Code an der Kasse ein:",
    storeCredit:
      "Das Guthaben liegt auf deinem Konto bei {shop} und gilt noch {days}, bis zum Ende des {day}. Melde dich an der Kasse an, dann wird es abgezogen.",
    used: "Du kannst selbst jemanden einladen: Dein Link steht in deinem Konto bei {shop}.",
    shop: "Zum Laden: {origin}",
    button: "Zum Laden",
    why: "Du bekommst diese Mail wegen einer Empfehlung bei {shop}.",
    stop: "Keine solchen Mails mehr",
  },
  sms: {
    code: "{shop}: Danke! Dein Code für {reward}, gültig bis {day}: {code}",
    bare: "{shop}: Danke! Für dich: {reward}. Mehr in deinem Konto: {origin}",
  },
  days: { one: "{n} Tag", other: "{n} Tage" },
};
