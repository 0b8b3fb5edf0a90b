import type { LandingWords } from "./landing-words.ts";

export const NL: LandingWords = {
  gave: { named: "{from} geeft je {offer}", unnamed: "Een aanbeveling geeft je {offer}" },
  card: {
    named: "{from} geeft je {offer}",
    unnamed: "Een aanbeveling voor jou: {offer}",
    at: "bij {shop}",
    qr: "QR-code van de link",
  },
  preview: {
    title: "{shop} wordt je aangeraden",
    text: "Tik om te zien wat {shop} voor jullie beiden heeft.",
    onward: "Verder naar {shop}",
  },
  ask: "Geef ons je e-mailadres en het is van jou.",
  askFirst: "Geef ons je e-mailadres, dan tonen we je code.",
  when: {
    on_first_order: "Je code geldt voor je eerste bestelling.",
    after_first_order: "Je krijgt het na je eerste bestelling.",
  },
  email: "E-mail",
  button: "Pak {offer}",
  kept: "Met je adres herkennen we je eerste bestelling; we bewaren er alleen een vingerafdruk van.",
  badAddress: "Vul een e-mailadres in, bijvoorbeeld mara@example.com.",
  code: "Je code voor je eerste bestelling ({offer}):",
  use: "Nu gebruiken",
  basket: "Hij komt in je winkelmand. Op een ander apparaat vul je hem in bij het afrekenen.",
  making: "Je code wordt gemaakt. Open deze pagina over een minuut opnieuw.",
  later: "{offer}: we sturen het na je eerste bestelling.",
  shop: "Naar de winkel",
  closed: "Dit aanbod geldt niet voor jou",
  refusals: {
    link_expired: "Deze link is niet meer geldig.",
    campaign_closed: "Aanbevelingen zijn op dit moment gesloten.",
    currency_changed: "Nieuwe aanbevelingen wachten tot de winkel zijn aanbod in de nieuwe valuta heeft bepaald.",
    not_new_customer: "Dit aanbod is voor nieuwe klanten.",
    too_many_requests: "Te veel verzoeken. Probeer het later opnieuw.",
    bad_request: "Het verzoek is niet te lezen.",
  },
};
