import type { LandingWords } from "./landing-words.ts";

export const ES: LandingWords = {
  gave: { named: "{from} te regala: {offer}", unnamed: "Una recomendación te regala: {offer}" },
  card: {
    named: "{from} te regala: {offer}",
    unnamed: "Una recomendación para ti: {offer}",
    at: "en {shop}",
    qr: "Código QR del enlace",
  },
  preview: {
    title: "Te recomiendan {shop}",
    text: "Toca para ver qué tiene {shop} para los dos.",
    onward: "Seguir a {shop}",
  },
  ask: "Danos tu correo electrónico y es tuyo.",
  askFirst: "Danos tu correo electrónico y te mostramos tu código.",
  when: {
    on_first_order: "Tu código vale para tu primer pedido.",
    after_first_order: "Es tuyo después de tu primer pedido.",
  },
  email: "Correo electrónico",
  button: "Conseguirlo: {offer}",
  kept: "Con tu correo reconocemos tu primer pedido, y solo guardamos una huella de él.",
  badAddress: "Escribe un correo electrónico, por ejemplo mara@example.com.",
  code: "Tu código para el primer pedido ({offer}):",
  use: "Usarlo ahora",
  basket: "Se añade a tu cesta. En otro dispositivo, escríbelo al pagar.",
  making: "Tu código se está creando. Abre esta página de nuevo en un minuto.",
  later: "{offer}: te lo enviaremos después de tu primer pedido.",
  shop: "Ir a la tienda",
  closed: "Esta oferta no está abierta para ti",
  refusals: {
    link_expired: "Este enlace ya no es válido.",
    campaign_closed: "Las recomendaciones están cerradas por ahora.",
    currency_changed: "Las recomendaciones esperan a que la tienda fije su oferta en la nueva moneda.",
    not_new_customer: "Esta oferta es para el primer pedido.",
    too_many_requests: "Demasiadas solicitudes. Inténtalo dentro de un rato.",
    bad_request: "La solicitud no se puede leer.",
  },
};
