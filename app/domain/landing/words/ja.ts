import type { LandingWords } from "./landing-words.ts";

export const JA: LandingWords = {
  gave: { named: "{from}さんからの特典：{offer}", unnamed: "お友達からの特典：{offer}" },
  card: {
    named: "{from}さんからの特典：{offer}",
    unnamed: "お友達からの特典：{offer}",
    at: "{shop}にて",
    qr: "リンクのQRコード",
  },
  preview: {
    title: "お友達が{shop}をおすすめしています",
    text: "タップすると、{shop}からのお二人への特典をご覧いただけます。",
    onward: "{shop}へ進む",
  },
  ask: "メールアドレスをご入力いただくと、特典をお受け取りいただけます。",
  askFirst: "メールアドレスをご入力いただくと、コードを表示します。",
  when: {
    on_first_order: "コードは初めてのご注文にお使いいただけます。",
    after_first_order: "初めてのご注文のあとにお届けします。",
  },
  email: "メールアドレス",
  button: "{offer}を受け取る",
  kept: "メールアドレスは初めてのご注文の確認に使い、照合用の値だけを保存します。",
  badAddress: "メールアドレスをご入力ください（例：mara@example.com）。",
  code: "初めてのご注文のコード（{offer}）：",
  use: "今すぐ使う",
  basket: "カートに追加されます。別の端末では、お支払いの際にご入力ください。",
  making: "コードを作成しています。一分ほどしてから、このページをもう一度開いてください。",
  later: "{offer}：初めてのご注文のあとにお送りします。",
  shop: "お店を見る",
  closed: "この特典はご利用いただけません",
  refusals: {
    link_expired: "このリンクは有効ではありません。",
    campaign_closed: "ただいまご紹介を受け付けておりません。",
    currency_changed: "新しい通貨での特典が決まるまで、ご紹介をお待ちください。",
    not_new_customer: "この特典は初めてのお客様が対象です。",
    too_many_requests: "アクセスが多すぎます。しばらくしてからもう一度お試しください。",
    bad_request: "リクエストを読み取れませんでした。",
  },
};
