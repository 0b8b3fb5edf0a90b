import type { LandingWords } from "./landing-words.ts";

export const FR: LandingWords = {
  gave: { named: "{from} t'offre : {offer}", unnamed: "Une recommandation t'offre : {offer}" },
  card: {
    named: "{from} t'offre : {offer}",
    unnamed: "Une recommandation pour toi : {offer}",
    at: "chez {shop}",
    qr: "Code QR du lien",
  },
  preview: {
    title: "On te recommande {shop}",
    text: "Touche pour voir ce que {shop} vous réserve à tous les deux.",
    onward: "Continuer vers {shop}",
  },
  ask: "Donne-nous ton adresse e-mail et c'est à toi.",
  askFirst: "Donne-nous ton adresse e-mail et nous te montrons ton code.",
  when: {
    on_first_order: "Ton code vaut pour ta première commande.",
    after_first_order: "C'est à toi après ta première commande.",
  },
  email: "E-mail",
  button: "En profiter : {offer}",
  kept: "Ton adresse sert à reconnaître ta première commande ; nous n'en gardons qu'une empreinte.",
  badAddress: "Saisis une adresse e-mail, par exemple mara@example.com.",
  code: "Ton code pour ta première commande ({offer}) :",
  use: "L'utiliser maintenant",
  basket: "Il est ajouté à ton panier. Sur un autre appareil, saisis-le au paiement.",
  making: "Ton code se prépare. Ouvre de nouveau cette page dans une minute.",
  later: "{offer} : nous te l'envoyons après ta première commande.",
  shop: "Aller à la boutique",
  closed: "Cette offre ne s'applique pas à toi",
  refusals: {
    link_expired: "Ce lien n'est plus valable.",
    campaign_closed: "Les parrainages sont fermés pour le moment.",
    currency_changed: "Les parrainages reprendront quand la boutique aura fixé son offre dans sa nouvelle devise.",
    not_new_customer: "Cette offre est réservée aux premières commandes.",
    too_many_requests: "Trop de demandes. Réessaie dans un moment.",
    bad_request: "La demande est illisible.",
  },
};
