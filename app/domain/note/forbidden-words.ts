/** Words that no customer is sent, in the languages that are written. Whole words: "Scunthorpe" and "Dickens" stay. */
const PROFANE = new RegExp(
  `(?<![\\p{L}\\p{M}])(?:${[
    "arse|arsehole|ass|asshole|bastard|bitch\\w*|bollocks|bullshit|crap|cunt\\w*|damn|dick|dickhead|fag|faggot|fuck\\w*|motherfuck\\w*",
    "nazi|nigger|piss\\w*|porn\\w*|prick|retard|shit\\w*|slut\\w*|twat|wank\\w*|whore\\w*",
    "arsch\\w*|fick\\w*|fotze|hure|hurensohn|nutte|scheiss\\w*|scheiß\\w*|schlampe|wichser",
    "bordel|connard|connasse|cul|encul\\w*|merde\\w*|nique|pute|putain|salope",
    "cabr[oó]n|co[nñ]o|gilipollas|hijoputa|joder|mierda|puta|puto",
    "eikel|godverdomme|hoer|klootzak|kut\\w*|lul|tering",
  ].join("|")})(?![\\p{L}\\p{M}])`,
  "iu",
);
const PROFANE_JAPANESE = /くそ|クソ|ファック|ちんこ|チンコ|まんこ|マンコ|死ね/u;

/** Money and shares spelled out: every amount comes out of the ledger, so that a draft needs none. */
const AMOUNT = new RegExp(
  `(?<![\\p{L}\\p{M}])(?:${[
    "pounds?|quid|pence|dollars?|bucks|euros?|yens?|per ?cent|half price|half off",
    "pfund|dollar|prozent|halber preis|yen",
    "livres? sterling|pour ?cent|moitié prix",
    "libras?|dólar(?:es)?|por ciento|mitad de precio",
    "procent|halve prijs|gbp|eur|usd|jpy",
  ].join("|")})(?![\\p{L}\\p{M}])`,
  "iu",
);
const AMOUNT_JAPANESE = /円|ドル|ユーロ|ポンド|パーセント|半額|[一二三四五六七八九十百千万]\s*割/u;

/** Whether words hold one that nobody is sent. */
export function isProfaneText(words: string): boolean {
  return PROFANE.test(words) || PROFANE_JAPANESE.test(words);
}

/** Whether words speak of money or a share of it. */
export function namesAnAmount(words: string): boolean {
  return AMOUNT.test(words) || AMOUNT_JAPANESE.test(words);
}
