import type { Phrases } from "./phrases.ts";

export const FR: Phrases = {
  notes: {
    invite: {
      named:
        "C'est {{name}}. J'achète dans cette boutique et je l'aime bien. Avec mon lien, ta première commande te donne {{reward}} : {{link}}",
      unnamed:
        "J'achète dans cette boutique et je l'aime bien. Avec mon lien, ta première commande te donne {{reward}} : {{link}}",
    },
    invite_short: {
      named: "C'est {{name}}. J'aime cette boutique, et ta première commande te donne {{reward}} : {{link}}",
      unnamed: "J'aime cette boutique, et ta première commande te donne {{reward}} : {{link}}",
    },
    thanks_referrer: {
      named:
        "Merci de nous avoir amené {{name}}. Sa première commande est terminée, et voici ta récompense : {{reward}}.",
      unnamed:
        "Merci de nous avoir fait connaître autour de toi. Une première commande est terminée, et voici ta récompense : {{reward}}.",
    },
    thanks_friend: {
      named:
        "Bienvenue, et merci pour ta première commande. Comme tu viens de la part de {{name}}, voici ta récompense : {{reward}}.",
      unnamed:
        "Bienvenue, et merci pour ta première commande. Comme tu viens sur recommandation, voici ta récompense : {{reward}}.",
    },
    thanks_welcome: {
      named:
        "Bienvenue, et merci pour ta première commande. Tu viens de la part de {{name}}, et voici ce que cela a donné : {{reward}}.",
      unnamed:
        "Bienvenue, et merci pour ta première commande. Tu viens sur recommandation, et voici ce que cela a donné : {{reward}}.",
    },
  },
  rewards: {
    fixed: "{money} de réduction",
    percent: "{percent} de réduction",
    free_shipping: "la livraison gratuite",
    store_credit: "{money} de crédit en boutique",
    gift_card: "une carte cadeau de {money}",
  },
  mail: {
    subject: "Un merci de {shop}",
    hello: "Bonjour {name},",
    helloUnnamed: "Bonjour,",
    code: "Ce code vaut pour une commande chez {shop}, encore {days}, jusqu'à la fin du {day}. À saisir au paiement :",
    giftCard: "Cette carte vaut chez {shop}, encore {days}, jusqu'à la fin du {day}. Code à saisir au paiement :",
    storeCredit:
      "Le crédit est sur ton compte chez {shop}, encore {days}, jusqu'à la fin du {day}. Connecte-toi au paiement et il est déduit.",
    used: "Tu peux inviter à ton tour : ton lien est dans ton compte chez {shop}.",
    shop: "La boutique : {origin}",
    button: "Aller à la boutique",
    why: "Tu reçois ce message à cause d'une recommandation chez {shop}.",
    stop: "Ne plus en recevoir",
  },
  sms: {
    code: "{shop} : merci ! Ton code pour {reward}, valable jusqu'au {day} : {code}",
    bare: "{shop} : merci ! Pour toi : {reward}. Voir ton compte : {origin}",
  },
  days: { one: "{n} jour", other: "{n} jours" },
};
