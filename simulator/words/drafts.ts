/** What the stand-in writes when nobody scripted anything: for each language and kind of note, in the tone of the shop. */
type Drafts = Readonly<Record<string, string>>;

const ENGLISH: Readonly<Record<"plain" | "formal" | "playful", Drafts>> = {
  plain: {
    invite:
      "I get my groceries from this lovely shop and would not go without it any more. With my link your first order comes with {{reward}}: {{link}}",
    invite_short: "My favourite shop! With my link your first order comes with {{reward}}: {{link}}",
    thanks_referrer:
      "You have made our day: {{name}} has found us through you, and the first order is done. Here is what we promised: {{reward}}.",
    thanks_friend:
      "How good to have you here! Your first order is done, and as {{name}} told you of us, this is for you: {{reward}}.",
    thanks_welcome:
      "How good to have you here! Your first order is done, and as {{name}} told you of us, you had {{reward}} on it.",
  },
  formal: {
    invite:
      "I would like to recommend this shop to you, as it has served me well. Through my link your first order includes {{reward}}: {{link}}",
    invite_short: "May I recommend this shop to you? Your first order includes {{reward}}: {{link}}",
    thanks_referrer:
      "We are most grateful for your recommendation of our shop to {{name}}. Please accept this with our compliments: {{reward}}.",
    thanks_friend:
      "We are most grateful for your first order, and for the recommendation by {{name}}. Please accept this with our compliments: {{reward}}.",
    thanks_welcome:
      "We are most grateful for your first order, and for the recommendation by {{name}}. It has brought you {{reward}} with our compliments.",
  },
  playful: {
    invite:
      "Psst, this shop is my happy place and it could be yours as well! Hop over with my link and your first order gets {{reward}}: {{link}}",
    invite_short: "Psst, this shop is my happy place! Your first order gets {{reward}}: {{link}}",
    thanks_referrer:
      "Happy dance! You sent {{name}} over to us, and the first order has landed. Treat yourself, this is for you: {{reward}}!",
    thanks_friend:
      "Happy dance! Your first order has landed, and {{name}} may be proud of you. Treat yourself, this is for you: {{reward}}!",
    thanks_welcome:
      "Happy dance! Your first order has landed, and {{name}} may be proud of you. That was {{reward}} well spent on it!",
  },
};

const OTHERS: Readonly<Record<string, Drafts>> = {
  German: {
    invite:
      "Ich hole mein Gemüse aus diesem Laden und möchte ihn nicht mehr missen. Mit meinem Link gibt es für deine erste Bestellung {{reward}}: {{link}}",
    invite_short: "Mein liebster Laden! Für deine erste Bestellung gibt es {{reward}}: {{link}}",
    thanks_referrer:
      "Du hast uns den Tag verschönert: {{name}} ist durch dich zu uns gekommen, und die erste Bestellung ist da. Das ist für dich: {{reward}}.",
    thanks_friend:
      "Schön, dass du da bist! Deine erste Bestellung ist da, und weil du von {{name}} kommst, ist das für dich: {{reward}}.",
    thanks_welcome:
      "Schön, dass du da bist! Deine erste Bestellung ist da, und weil du von {{name}} kommst, gab es dafür {{reward}}.",
  },
  French: {
    invite:
      "Je fais mes courses dans cette boutique et je ne peux plus m'en passer. Avec mon lien, ta première commande te donne {{reward}} : {{link}}",
    invite_short: "Ma boutique préférée ! Avec mon lien, ta première commande te donne {{reward}} : {{link}}",
    thanks_referrer:
      "Tu as illuminé notre journée : {{name}} est là grâce à toi, et la première commande est passée. Voici pour toi : {{reward}}.",
    thanks_friend:
      "Quel plaisir de te voir ! Ta première commande est passée, et comme tu viens de la part de {{name}}, voici pour toi : {{reward}}.",
    thanks_welcome:
      "Quel plaisir de te voir ! Ta première commande est passée, et la part de {{name}} dans tout cela : {{reward}} pour toi.",
  },
  Spanish: {
    invite:
      "Hago la compra en esta tienda y ya no puedo vivir sin ella. Con mi enlace, tu primer pedido te da {{reward}}: {{link}}",
    invite_short: "¡Mi tienda favorita! Con mi enlace, tu primer pedido te da {{reward}}: {{link}}",
    thanks_referrer:
      "Nos has alegrado el día: {{name}} está con nosotros por ti, y el primer pedido ya está hecho. Esto es para ti: {{reward}}.",
    thanks_friend:
      "¡Qué bien que estés aquí! Tu primer pedido ya está hecho, y como vienes de parte de {{name}}, esto es para ti: {{reward}}.",
    thanks_welcome:
      "¡Qué bien que estés aquí! Tu primer pedido ya está hecho, y como vienes de parte de {{name}}, te llevaste {{reward}}.",
  },
  Dutch: {
    invite:
      "Ik haal mijn groente bij deze winkel en ik wil niet meer zonder. Met mijn link krijg je op je eerste bestelling {{reward}}: {{link}}",
    invite_short: "Mijn favoriete winkel! Op je eerste bestelling krijg je {{reward}}: {{link}}",
    thanks_referrer:
      "Je hebt onze dag goed gemaakt: {{name}} is door jou bij ons gekomen, en de eerste bestelling is er. Dit is voor jou: {{reward}}.",
    thanks_friend:
      "Wat fijn dat je er bent! Je eerste bestelling is er, en omdat je via {{name}} bij ons kwam is dit voor jou: {{reward}}.",
    thanks_welcome:
      "Wat fijn dat je er bent! Je eerste bestelling is er, en omdat je via {{name}} bij ons kwam kreeg je er {{reward}} op.",
  },
  Japanese: {
    invite:
      "いつもこのお店で野菜を買っています。もう手放せません。私のリンクから初めて注文すると{{reward}}の特典がありますよ。 {{link}}",
    invite_short: "お気に入りのお店です。初めての注文で{{reward}}の特典がありますよ。ぜひ見てみてください。 {{link}}",
    thanks_referrer:
      "{{name}}さんが当店を見つけてくださったのは、あなたのおかげです。初めてのご注文が届きました。心ばかりのお礼です。{{reward}}",
    thanks_friend:
      "お越しいただきうれしく思います。初めてのご注文ありがとうございます。{{name}}さんのご紹介ですので、こちらをどうぞ。{{reward}}",
    thanks_welcome:
      "お越しいただきうれしく思います。初めてのご注文ありがとうございます。{{name}}さんのご紹介で、こちらをお使いいただけました。{{reward}}",
  },
};

export type AskedPart = { readonly key: string; readonly language: string; readonly hasName: boolean };

/** Writes one note: in the language, in a tone that the voice asks for, with a name only where there is one. */
export function composeDraft(part: AskedPart, voice: string): string {
  const tone = /formal|polite|elegant/i.test(voice)
    ? "formal"
    : /play|fun|cheer|joke/i.test(voice)
      ? "playful"
      : "plain";
  const draft = (OTHERS[part.language] ?? ENGLISH[tone])[part.key] ?? "";
  return part.hasName ? draft : draft.replaceAll("{{name}}", UNNAMED[part.language] ?? "a friend");
}

const UNNAMED: Readonly<Record<string, string>> = {
  German: "jemandem",
  French: "quelqu'un",
  Spanish: "alguien",
  Dutch: "iemand",
  Japanese: "お友達",
};
