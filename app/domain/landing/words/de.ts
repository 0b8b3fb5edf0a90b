import type { LandingWords } from "./landing-words.ts";

export const DE: LandingWords = {
  gave: { named: "{from} schenkt dir: {offer}", unnamed: "Eine Empfehlung bringt dir: {offer}" },
  card: {
    named: "{from} schenkt dir: {offer}",
    unnamed: "Eine Empfehlung für dich: {offer}",
    at: "bei {shop}",
    qr: "QR-Code des Links",
  },
  preview: {
    title: "{shop} wird dir empfohlen",
    text: "Tippe, um zu sehen, was {shop} für euch beide hat.",
    onward: "Weiter zu {shop}",
  },
  ask: "Sag uns deine E-Mail-Adresse, und es gehört dir.",
  askFirst: "Sag uns deine E-Mail-Adresse, dann zeigen wir dir deinen Code.",
  when: {
    on_first_order: "Dein Code gilt für deine erste Bestellung.",
    after_first_order: "Du bekommst es nach deiner ersten Bestellung.",
  },
  email: "E-Mail",
  button: "Sichern: {offer}",
  kept: "Wir erkennen an deiner Adresse deine erste Bestellung und behalten davon nur einen Fingerabdruck.",
  badAddress: "Gib eine E-Mail-Adresse ein, zum Beispiel mara@example.com.",
  code: "Dein Code für die erste Bestellung ({offer}):",
  use: "Jetzt einlösen",
  basket: "Er kommt in deinen Warenkorb. Auf einem anderen Gerät gibst du ihn an der Kasse ein.",
  making: "Dein Code wird gerade erstellt. Öffne diese Seite in einer Minute noch einmal.",
  later: "{offer}: wir schicken es dir nach deiner ersten Bestellung.",
  shop: "Zum Shop",
  closed: "Dieses Angebot gilt für dich nicht",
  refusals: {
    link_expired: "Dieser Link ist nicht mehr gültig.",
    campaign_closed: "Empfehlungen sind gerade geschlossen.",
    currency_changed: "Neue Empfehlungen warten, bis der Shop sein Angebot in der neuen Währung festgelegt hat.",
    not_new_customer: "Dieses Angebot gilt für neue Kundinnen und Kunden.",
    too_many_requests: "Zu viele Anfragen. Versuche es später noch einmal.",
    bad_request: "Die Anfrage ist nicht lesbar.",
  },
};
