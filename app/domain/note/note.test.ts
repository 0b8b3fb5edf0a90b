import fc from "fast-check";
import { expect, test } from "vitest";
import { currency } from "#test/builders/domain.ts";
import { describeReward, printMoney } from "./describe-reward.ts";
import { fillNote } from "./fill-note.ts";
import { cleanFirstName } from "./first-name.ts";
import { mayGoOut } from "./may-go-out.ts";
import { NOTE_KINDS } from "./note-kind.ts";
import { noteTemplate } from "./template.ts";

const GBP = { currency: currency("GBP"), exponent: 2 };
const JPY = { currency: currency("JPY"), exponent: 0 };
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

test("every template may go out, with a name and without", () => {
  for (const kind of NOTE_KINDS) {
    for (const hasName of [true, false])
      expect(mayGoOut(noteTemplate(kind, hasName), kind)).toEqual({ outcome: "may_go_out" });
  }
});

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
  for (const kind of NOTE_KINDS) {
    const filled = fillNote(noteTemplate(kind, true), {
      link: "https://x.example/a/r/DAN42",
      reward: "£10 off",
      name: "Dan",
    });
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
  ["other_script", INVITE.replace("shop", "магазин")],
  ["other_script", INVITE.replace("shop", "shоp")],
  ["profanity", INVITE.replace("a great deal", "a damn lot")],
])("mayGoOut refuses an invite for %s: %j", (reason, draft) => {
  expect(mayGoOut(draft, "invite")).toEqual({ outcome: "refused", reason });
});

test("mayGoOut allows no link in thanks", () => {
  expect(mayGoOut(INVITE, "thanks_friend")).toEqual({ outcome: "refused", reason: "token_not_allowed" });
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
      if (mayGoOut(text, kind).outcome !== "may_go_out") return;
      const words = text.replaceAll(/\{\{(?:link|reward|name)\}\}/g, "");
      expect(words).not.toMatch(/[0-9<>@*{}]|:\/\/|\.com/);
      expect(text.split("{{link}}").length).toBe(kind === "invite" ? 2 : 1);
    }),
    { numRuns: 2_000 },
  );
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
