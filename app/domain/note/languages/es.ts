import type { Phrases } from "./phrases.ts";

export const ES: Phrases = {
  notes: {
    invite: {
      named:
        "Soy {{name}}. Compro en esta tienda y me gusta mucho. Con mi enlace, tu primer pedido te da {{reward}}: {{link}}",
      unnamed: "Compro en esta tienda y me gusta mucho. Con mi enlace, tu primer pedido te da {{reward}}: {{link}}",
    },
    invite_short: {
      named: "Soy {{name}}. Me gusta esta tienda, y tu primer pedido te da {{reward}}: {{link}}",
      unnamed: "Me gusta esta tienda, y tu primer pedido te da {{reward}}: {{link}}",
    },
    thanks_referrer: {
      named:
        "Gracias por traernos a {{name}}. Su primer pedido está completo, y esta es tu recompensa por ello: {{reward}}.",
      unnamed:
        "Gracias por hablar de nosotros. Un primer pedido está completo, y esta es tu recompensa por ello: {{reward}}.",
    },
    thanks_friend: {
      named:
        "Te damos la bienvenida, y gracias por tu primer pedido. Vienes de parte de {{name}}, y esta es tu recompensa: {{reward}}.",
      unnamed:
        "Te damos la bienvenida, y gracias por tu primer pedido. Vienes por recomendación, y esta es tu recompensa: {{reward}}.",
    },
    thanks_welcome: {
      named:
        "Te damos la bienvenida, y gracias por tu primer pedido. Vienes de parte de {{name}}, y con eso tuviste {{reward}}.",
      unnamed:
        "Te damos la bienvenida, y gracias por tu primer pedido. Vienes por recomendación, y con eso tuviste {{reward}}.",
    },
  },
  rewards: {
    fixed: "{money} de descuento",
    percent: "un {percent} de descuento",
    free_shipping: "el envío gratis",
    store_credit: "{money} de saldo en la tienda",
    gift_card: "una tarjeta regalo de {money}",
  },
  mail: {
    subject: "Gracias de parte de {shop}",
    hello: "Hola, {name}:",
    helloUnnamed: "Hola:",
    code: "El código vale para un pedido en {shop} durante {days}, hasta el final del {day}. Escríbelo al pagar:",
    giftCard: "La tarjeta vale en {shop} durante {days}, hasta el final del {day}. Escribe este código al pagar:",
    storeCredit:
      "El saldo está en tu cuenta de {shop} y vale durante {days}, hasta el final del {day}. Inicia sesión al pagar y se descuenta.",
    used: "Tú también puedes invitar: tu enlace está en tu cuenta de {shop}.",
    shop: "La tienda: {origin}",
    button: "Ir a la tienda",
    why: "Recibes este mensaje por una recomendación en {shop}.",
    stop: "No recibir más",
  },
  sms: {
    code: "{shop}: ¡gracias! Tu código para {reward}, válido hasta el {day}: {code}",
    bare: "{shop}: ¡gracias! Para ti: {reward}. Míralo en tu cuenta: {origin}",
  },
  days: { one: "{n} día", other: "{n} días" },
};
