import fc from "fast-check";
import { expect, test } from "vitest";
import { currency } from "#test/builders/domain.ts";
import { describeReward, printMoney } from "./describe-reward.ts";
import { fillNote } from "./fill-note.ts";
import { cleanFirstName } from "./first-name.ts";
import { chooseWords } from "./choose-words.ts";
import { LANGUAGES, languageFor } from "./language.ts";
import { mayGoOut } from "./may-go-out.ts";
import type { NoteFor } from "./may-go-out.ts";
import { costMicros } from "./model-price.ts";
import { isInvite, NOTE_KINDS } from "./note-kind.ts";
import { daysInWords, put } from "./phrases.ts";
import { refusalMessage } from "./refusal-words.ts";
import { noteTemplate } from "./template.ts";

const GBP = { currency: currency("GBP"), exponent: 2 };
const JPY = { currency: currency("JPY"), exponent: 0 };
const TO = { kind: "invite", language: "en", shopName: "FreshBox" } as const;

function to(change: Partial<NoteFor> = {}): NoteFor {
  return { ...TO, ...change };
}

const INVITE = "I like this shop a great deal and you might, too. Start here: {{link}}";

test.each([
  [" Mara ", "Mara"],
  ["Anne-Marie", "Anne-Marie"],
  ["O’Brien", "O'Brien"],
  ["Jean  Luc", "Jean Luc"],
  ["Łukasz", "Łukasz"],
  ["美咲", "美咲"],
])("cleanFirstName takes %s", (text, name) => {
  expect(cleanFirstName(text)).toBe(name);
});

test.each([
  "",
  "   ",
  "-",
  "Mara1",
  "Mara!",
  "<b>Mara</b>",
  "{{link}}",
  "evil.example",
  "a\u202Eb",
  "a\u200Bb",
  "a".repeat(31),
  "💥",
])("cleanFirstName refuses %j", (text) => {
  expect(cleanFirstName(text)).toBeNull();
});

test("every template of every language may go out in its language and in no other, with a name and without", () => {
  for (const [language, kind, hasName] of everyTemplate()) {
    const text = noteTemplate(kind, hasName, language);
    expect(mayGoOut(text, to({ kind, language })), text).toEqual({ outcome: "may_go_out" });
    for (const other of LANGUAGES.filter((each) => each !== language))
      expect(mayGoOut(text, to({ kind, language: other })), text).toEqual({
        outcome: "refused",
        reason: "other_language",
      });
  }
});

function everyTemplate() {
  return LANGUAGES.flatMap((language) =>
    NOTE_KINDS.flatMap((kind) => [true, false].map((hasName) => [language, kind, hasName] as const)),
  );
}

test("fillNote puts values in, once: a value that looks like a token stays text", () => {
  expect(
    fillNote("{{name}} gives {{reward}} at {{link}}", {
      name: "{{link}}",
      reward: "£10",
      link: "https://x.example/a/r/DAN42",
    }),
  ).toEqual({
    outcome: "filled",
    text: "{{link}} gives £10 at https://x.example/a/r/DAN42",
  });
});

test("fillNote names the first token without a value, known or not", () => {
  expect(fillNote("{{name}} {{reward}}", { reward: "£10" })).toEqual({ outcome: "unfilled", token: "name" });
  expect(fillNote("{{price}} {{name}}", { name: "Dan" })).toEqual({ outcome: "unfilled", token: "price" });
});

test("every template is filled without a gap", () => {
  for (const [language, kind, hasName] of everyTemplate()) {
    const values = { link: "https://x.example/a/r/DAN42", reward: "£10 off", ...(hasName ? { name: "Dan" } : {}) };
    const filled = fillNote(noteTemplate(kind, hasName, language), values);
    expect(filled.outcome === "filled" && !filled.text.includes("{{")).toBe(true);
  }
});

test.each([
  ["too_short", "{{link}}"],
  ["too_long", `${INVITE}${" and more".repeat(40)}`],
  ["hidden_character", INVITE.replace("shop", "sh\u200Bop")],
  ["hidden_character", INVITE.replace("shop", "sh\u202Eop")],
  ["hidden_character", INVITE.replace(" and", "\nand")],
  ["hidden_character", INVITE.replace("shop", "\uD800")],
  ["token_not_allowed", INVITE.replace("shop", "{{price}}")],
  ["token_not_allowed", INVITE.replace("shop", "{{}}")],
  ["link_not_once", INVITE.replace("{{link}}", "the shop")],
  ["link_not_once", `${INVITE} or {{link}}`],
  ["link_not_apart", INVITE.replace("{{link}}", "{{link}}/evil")],
  ["link_not_apart", INVITE.replace("{{link}}", "{{link}}.evil")],
  ["link_not_apart", INVITE.replace("{{link}}", "evil/{{link}}")],
  ["email", INVITE.replace("shop", "dan@home")],
  ["url", INVITE.replace("shop", "evil.example")],
  ["url", INVITE.replace("shop", "evil。example")],
  ["url", INVITE.replace("shop", "{{name}}.com")],
  ["url", INVITE.replace("shop", "http://evil")],
  ["url", INVITE.replace("shop", "www evil")],
  ["number", INVITE.replace("shop", "shop of 50")],
  ["number", INVITE.replace("shop", "shop of ５")],
  ["number", INVITE.replace("shop", "£ shop")],
  ["markup", INVITE.replace("shop", "<b>shop</b>")],
  ["markup", INVITE.replace("shop", "**shop**")],
  ["markup", INVITE.replace("shop", "[shop]")],
  ["markup", INVITE.replace("shop", "{shop}")],
  ["markup", INVITE.replace("shop", "&lt;b&gt;shop")],
  ["other_language", INVITE.replace("shop", "магазин")],
  ["other_language", INVITE.replace("shop", "shоp")],
  ["other_language", "Ich mag diesen Laden und du wirst ihn auch mögen, hier ist er: {{link}}"],
  ["profanity", INVITE.replace("a great deal", "a damn lot")],
  ["profanity", INVITE.replace("a great deal", "scheisse")],
  ["amount", INVITE.replace("a great deal", "and give you ten pounds")],
  ["amount", INVITE.replace("a great deal", "with fifty percent less")],
  ["number", INVITE.replace("shop", "shop at ٣٤")],
  ["code", INVITE.replace("a great deal", "and SAVEBIG is for you")],
  ["url", INVITE.replace("shop", "evil dot com")],
  ["url", INVITE.replace("shop", "mailto:dan")],
  ["email", INVITE.replace("shop", "dan＠home")],
  ["hidden_character", INVITE.replace("shop", "sh\u00ADop")],
  ["hidden_character", INVITE.replace("shop", "shop\uFE0F")],
  ["too_short", ""],
  ["too_long", "word ".repeat(400)],
])("mayGoOut refuses an invite for %s: %j", (reason, draft) => {
  expect(mayGoOut(draft, TO)).toEqual({ outcome: "refused", reason });
});

test("a shop may write its own name in capitals", () => {
  const words = INVITE.replace("this shop", "ACME");
  expect(mayGoOut(words, to({ shopName: "ACME" }))).toEqual({ outcome: "may_go_out" });
  expect(mayGoOut(words, TO)).toEqual({ outcome: "refused", reason: "code" });
});

test("a shop without a name takes nothing out of the words", () => {
  expect(mayGoOut(INVITE, to({ shopName: "" }))).toEqual({ outcome: "may_go_out" });
});

test("a short invite has room for less", () => {
  const long = `I like this shop a great deal and you might, too. ${"And it is so good. ".repeat(7)}Start here: {{link}}`;
  expect(mayGoOut(long, TO).outcome).toBe("may_go_out");
  expect(mayGoOut(long, to({ kind: "invite_short" }))).toEqual({ outcome: "refused", reason: "too_long" });
});

test("chooseWords takes the first words that pass and can be filled, and else the template", () => {
  const values = { link: "https://x.example/a/r/DAN42", reward: "£10 off" };
  const bad = { words: `${INVITE} http://evil.example`, source: "model:bad" };
  const named = { words: `{{name}} here. ${INVITE}`, source: "edited:en" };
  const good = { words: INVITE, source: "model:good" };
  expect(chooseWords({ ...TO, values }, [bad, named, good])).toEqual({
    source: "model:good",
    text: INVITE.replace("{{link}}", values.link),
  });
  expect(chooseWords({ ...TO, values: { ...values, name: "Dan" } }, [bad, named, good]).source).toBe("edited:en");
  expect(chooseWords({ ...TO, values }, [bad, named])).toEqual({
    source: "template:en",
    text: "I buy from this shop and like it. Your first order brings you £10 off when you start from my link: https://x.example/a/r/DAN42",
  });
});

test("a customer is written to in their language, and else in the shop's", () => {
  expect(languageFor("de-AT", "en")).toBe("de");
  expect(languageFor("pt-BR", "fr")).toBe("fr");
  expect(languageFor(null, "ja")).toBe("ja");
  expect(languageFor("not a locale", "nl")).toBe("nl");
});

test("a language whose millions have a form of their own takes the common plural for them", () => {
  expect(daysInWords(1_000_000, "fr").replaceAll(/\s/g, " ")).toBe("1 000 000 jours");
});

test("a place of a phrase for which there is no value stays as it is", () => {
  expect(put("{n} of {total}", { n: "2" })).toBe("2 of {total}");
});

test("days are counted in the plural of the language", () => {
  expect([1, 2, 90].map((days) => daysInWords(days, "en"))).toEqual(["1 day", "2 days", "90 days"]);
  expect([1, 2].map((days) => daysInWords(days, "de"))).toEqual(["1 Tag", "2 Tage"]);
  expect([0, 1, 2].map((days) => daysInWords(days, "fr"))).toEqual(["0 jour", "1 jour", "2 jours"]);
  expect([1, 2].map((days) => daysInWords(days, "ja"))).toEqual(["1日", "2日"]);
});

test("tokens cost what the list says, a dated name as its family, and an unknown model as a dear one", () => {
  const usage = { inputTokens: 1_000, outputTokens: 100 };
  expect(costMicros("claude-haiku-4-5", usage)).toBe(1_500n);
  expect(costMicros("claude-haiku-4-5-20251001", usage)).toBe(1_500n);
  expect(costMicros("claude-haiku-4-51", usage)).toBe(22_500n);
  expect(costMicros("a-model-of-tomorrow", usage)).toBe(22_500n);
});

test("mayGoOut allows no link in thanks", () => {
  expect(mayGoOut(INVITE, to({ kind: "thanks_friend" }))).toEqual({ outcome: "refused", reason: "token_not_allowed" });
});

test("what mayGoOut lets through holds no address, digit or markup, whatever was written", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "{{link}}",
      "{{reward}}",
      "{{name}}",
      "https://",
      "evil",
      ".com",
      "@",
      "5",
      "<b>",
      "*",
      " ",
      ". ",
      "shop",
      "and so on",
      "\u200B",
    ),
    fc.string({ maxLength: 3 }),
  );
  const draft = fc
    .array(piece, { maxLength: 14 })
    .map((pieces) => `A friend of mine likes this shop and so may you ${pieces.join("")}`);
  fc.assert(
    fc.property(draft, fc.constantFrom(...NOTE_KINDS), (text, kind) => {
      if (mayGoOut(text, to({ kind })).outcome !== "may_go_out") return;
      const words = text.replaceAll(/\{\{(?:link|reward|name)\}\}/g, "");
      expect(words).not.toMatch(/[0-9<>@*{}]|:\/\/|\.com/);
      expect(text.split("{{link}}").length).toBe(isInvite(kind) ? 2 : 1);
    }),
    { numRuns: 2_000 },
  );
});

test("words with a gap never go out, the fixed ones neither: it is a fault of whoever calls", () => {
  const words = [{ words: INVITE, source: "edited:en" }];
  expect(() => chooseWords({ ...TO, values: { reward: "£10 off" } }, words)).toThrow("no value for its token link");
});

test("a reward is told in English, amount included, where the locale's language is not written", () => {
  expect(describeReward({ kind: "percent", amountMinor: 1_250n }, GBP, "sv-SE")).toBe("12.5% off");
});

test("every refusal of the gate has a sentence of its own", () => {
  const reasons = ["too_short", "link_not_once", "url", "number", "code", "profanity", "other_language"] as const;
  const sentences = reasons.map(refusalMessage);
  expect(new Set(sentences).size).toBe(reasons.length);
  expect(refusalMessage("link_not_once")).toBe("The link has to stand in it exactly once.");
});

test.each([
  ["fixed", 1_000n, "£10 off"],
  ["fixed", 1_050n, "£10.50 off"],
  ["percent", 1_250n, "12.5% off"],
  ["percent", 1_000n, "10% off"],
  ["free_shipping", 1n, "free delivery"],
  ["store_credit", 500n, "£5 in store credit"],
  ["gift_card", 2_500n, "a gift card of £25"],
] as const)("describeReward says %s of %s as %s", (kind, amountMinor, words) => {
  expect(describeReward({ kind, amountMinor }, GBP, "en-GB")).toBe(words);
});

test("amounts follow the currency and the locale, and a malformed locale reads as English", () => {
  expect(printMoney(1_000n, JPY, "en")).toBe("¥1,000");
  expect(printMoney(123_456n, GBP, "de-DE").replaceAll(/\s/g, " ")).toBe("1.234,56 £");
  expect(printMoney(123_456n, GBP, "not a locale")).toBe("£1,234.56");
  expect(describeReward({ kind: "percent", amountMinor: 500n }, GBP, "??")).toBe("5% off");
  expect(printMoney(99_999_999_999_999_999n, GBP, "en")).toBe("£999,999,999,999,999.99");
});
