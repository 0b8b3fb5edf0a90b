import type { Phrases } from "./phrases.ts";

export const JA: Phrases = {
  notes: {
    invite: {
      named:
        "{{name}}です。このお店でよく買い物をしていて、とても気に入っています。私のリンクから初めて注文すると、{{reward}}の特典があります。 {{link}}",
      unnamed:
        "このお店でよく買い物をしていて、とても気に入っています。私のリンクから初めて注文すると、{{reward}}の特典があります。 {{link}}",
    },
    invite_short: {
      named: "{{name}}です。このお店が気に入っています。初めての注文で{{reward}}の特典があります。 {{link}}",
      unnamed:
        "このお店が気に入っています。よかったら見てみてください。初めての注文で{{reward}}の特典があります。 {{link}}",
    },
    thanks_referrer: {
      named:
        "{{name}}さんをご紹介いただき、ありがとうございます。初めてのご注文が完了しましたので、お礼をお届けします。{{reward}}",
      unnamed:
        "お友達をご紹介いただき、ありがとうございます。初めてのご注文が完了しましたので、お礼をお届けします。{{reward}}",
    },
    thanks_friend: {
      named:
        "ようこそ。初めてのご注文、ありがとうございます。{{name}}さんのご紹介でしたので、お礼をお届けします。{{reward}}",
      unnamed:
        "ようこそ。初めてのご注文、ありがとうございます。お友達のご紹介でしたので、お礼をお届けします。{{reward}}",
    },
    thanks_welcome: {
      named:
        "ようこそ。初めてのご注文、ありがとうございます。{{name}}さんのご紹介により、次の特典をお使いいただきました。{{reward}}",
      unnamed:
        "ようこそ。初めてのご注文、ありがとうございます。お友達のご紹介により、次の特典をお使いいただきました。{{reward}}",
    },
  },
  rewards: {
    fixed: "{money}引き",
    percent: "{percent}引き",
    free_shipping: "送料無料",
    store_credit: "{money}分のストアクレジット",
    gift_card: "{money}分のギフトカード",
  },
  mail: {
    subject: "{shop}からのお礼",
    hello: "{name}様",
    helloUnnamed: "こんにちは。",
    code: "{shop}でのご注文に一回お使いいただけます。有効期限は{day}まで（あと{days}）です。お支払いの際に次のコードをご入力ください。",
    giftCard:
      "{shop}でお使いいただけます。有効期限は{day}まで（あと{days}）です。お支払いの際に次のコードをご入力ください。",
    storeCredit:
      "{shop}のアカウントに追加されました。有効期限は{day}まで（あと{days}）です。お支払いの際にログインすると差し引かれます。",
    used: "お友達をご紹介いただけます。リンクは{shop}のアカウントにあります。",
    shop: "お店：{origin}",
    button: "お店を見る",
    why: "{shop}でのご紹介に関するお知らせです。",
    stop: "配信を停止する",
  },
  sms: {
    code: "{shop}：ありがとうございます。{reward}のコード（{day}まで）：{code}",
    bare: "{shop}：ありがとうございます。{reward}をお届けしました。アカウント：{origin}",
  },
  days: { other: "{n}日" },
};
