import fc from "fast-check";
import { expect, test } from "vitest";
import { buildAttributionFacts, buildClick, DAY_MS, NOON } from "#test/builders/domain.ts";
import type { AttributionFacts } from "./attribution-facts.ts";
import { chooseClick } from "./choose-click.ts";
import type { ClickEvidence } from "./click-evidence.ts";
import { CARRIERS, CLICK_FLAG } from "./click-evidence.ts";
import { invalidReason } from "./click-validity.ts";
import { isExistingCustomer } from "./existing-customer.ts";

const HOUR_MS = 3_600_000;
const friend = buildAttributionFacts().friend;

test("chooseClick credits the only valid click", () => {
  const facts = buildAttributionFacts();
  expect(chooseClick(facts)).toEqual({ outcome: "attributed", winner: facts.clicks[0], losers: [] });
});

test("chooseClick credits the newest valid click over all carriers", () => {
  const older = buildClick({ clickId: "older", clickedAt: NOON - 2 * HOUR_MS, carrier: "cart_attribute" });
  const newer = buildClick({ clickId: "newer", clickedAt: NOON - HOUR_MS, carrier: "landing_site" });
  expect(chooseClick(buildAttributionFacts({ clicks: [older, newer] }))).toMatchObject({
    outcome: "attributed",
    winner: newer,
    losers: [{ clickId: "older", reason: "older_click" }],
  });
});

test("chooseClick gives a tie to the stronger carrier, then to the lower id", () => {
  const weak = buildClick({ clickId: "a", carrier: "pixel" });
  const strong = buildClick({ clickId: "b", carrier: "account_bind" });
  expect(chooseClick(buildAttributionFacts({ clicks: [weak, strong] }))).toMatchObject({ winner: { clickId: "b" } });
  const twin = buildClick({ clickId: "c", carrier: "account_bind" });
  for (const clicks of [
    [twin, strong],
    [strong, twin],
  ]) {
    expect(chooseClick(buildAttributionFacts({ clicks }))).toMatchObject({ winner: { clickId: "b" } });
  }
});

test("chooseClick counts a click once, when several carriers bring it", () => {
  const clicks = [buildClick({ carrier: "landing_site" }), buildClick({ carrier: "cart_attribute" })];
  expect(chooseClick(buildAttributionFacts({ clicks }))).toEqual({
    outcome: "attributed",
    winner: clicks[1],
    losers: [],
  });
});

test("chooseClick counts a click once, when one carrier brings it twice", () => {
  const click = buildClick();
  expect(chooseClick(buildAttributionFacts({ clicks: [click, click] }))).toEqual({
    outcome: "attributed",
    winner: click,
    losers: [],
  });
});

test("chooseClick names an older valid click winner, when the newest does not count", () => {
  const clicks = [
    buildClick({ clickId: "good" }),
    buildClick({ clickId: "bot", clickedAt: NOON - 1_000, flags: CLICK_FLAG.bot }),
  ];
  expect(chooseClick(buildAttributionFacts({ clicks }))).toMatchObject({
    outcome: "attributed",
    winner: { clickId: "good" },
    losers: [{ clickId: "bot", reason: "bot" }],
  });
});

test("chooseClick says no_token, when there is no evidence", () => {
  expect(chooseClick(buildAttributionFacts({ clicks: [] }))).toEqual({
    outcome: "unattributed",
    reason: "no_token",
    losers: [],
  });
});

test.each<[string, Partial<ClickEvidence>, Partial<AttributionFacts>, string]>([
  ["a code that no shop has", { codeId: null, codeState: "unknown", referrerPerson: null }, {}, "no_token"],
  ["a code whose state is not known", { codeState: "unknown" }, {}, "no_token"],
  ["a code without owner", { referrerPerson: null }, {}, "no_token"],
  [
    "a code retired before the click",
    { codeState: "retired", codeRetiredReason: "replaced", codeRetiredAt: NOON - 2 * DAY_MS },
    {},
    "retired_code",
  ],
  ["a code retired at an unknown time", { codeState: "retired", codeRetiredReason: "merchant" }, {}, "retired_code"],
  [
    "a code retired for abuse since",
    { codeState: "retired", codeRetiredReason: "abuse", codeRetiredAt: NOON },
    {},
    "retired_code",
  ],
  ["a campaign that was closed", { campaignOpenAtClick: false }, {}, "campaign_closed"],
  ["a click loaded in a hidden frame", { flags: CLICK_FLAG.forced }, {}, "forced"],
  ["a click of a bot", { flags: CLICK_FLAG.bot }, {}, "bot"],
  ["a click with a flag from a later version", { flags: 8 }, {}, "bot"],
  ["a click whose window is over", { expiresAt: NOON - 1 }, {}, "expired"],
  ["a click after the order", { clickedAt: NOON + 2_001 }, {}, "late"],
  ["a click after that cart's checkout began", {}, { cartAt: NOON - 2 * HOUR_MS }, "late"],
  ["the owner's own click", { isOwnersClick: true }, {}, "self_click"],
  ["a friend who is the owner", {}, { friend: { ...friend, personId: "person-dan" } }, "self_click"],
  ["a friend with a live referral", {}, { friend: { ...friend, hasLiveReferral: true } }, "already_referred"],
  ["a friend who was rewarded", {}, { friend: { ...friend, hasRewardedReferral: true } }, "existing_customer"],
  [
    "a friend who bought before the click",
    {},
    { friend: { ...friend, firstOrderAt: NOON - 2 * HOUR_MS } },
    "existing_customer",
  ],
  ["a claim without proof", { carrier: "claim" }, {}, "claim_unproven"],
  ["a claim from another device", { carrier: "claim", device: "device-1" }, { device: "device-2" }, "claim_unproven"],
])("chooseClick does not credit %s", (_what, click, facts, reason) => {
  const built = buildAttributionFacts({ clicks: [buildClick(click)], ...facts });
  expect(chooseClick(built)).toMatchObject({
    outcome: "unattributed",
    reason,
    losers: [{ clickId: "click-1", reason }],
  });
});

test.each<[string, Partial<ClickEvidence>, Partial<AttributionFacts>]>([
  [
    "a click before its code was replaced",
    { codeState: "retired", codeRetiredReason: "replaced", codeRetiredAt: NOON },
    {},
  ],
  ["an order in the last moment of the window", { expiresAt: NOON }, {}],
  ["an order in the same second, which Shopify prints without its fraction", { clickedAt: NOON + 900 }, {}],
  ["a click before that cart's checkout", {}, { cartAt: NOON - 1_000 }],
  ["a guest whose person is not known", {}, { friend: { ...friend, personId: null } }],
  ["a friend who bought after the click", {}, { friend: { ...friend, firstOrderAt: NOON - 1_000 } }],
  ["a claim from the order's device", { carrier: "claim", device: "device-1" }, { device: "device-1" }],
])("chooseClick credits %s", (_what, click, facts) => {
  expect(chooseClick(buildAttributionFacts({ clicks: [buildClick(click)], ...facts })).outcome).toBe("attributed");
});

test.each(["cart_attribute", "welcome_code"] as const)("a claim is proven by the same click's %s", (carrier) => {
  const claim = buildClick({ carrier: "claim" });
  const facts = buildAttributionFacts({ clicks: [claim, buildClick({ carrier })] });
  expect(invalidReason(claim, facts)).toBeNull();
  expect(invalidReason(claim, { ...facts, clicks: [claim, buildClick({ carrier, clickId: "other" })] })).toBe(
    "claim_unproven",
  );
});

test.each([
  ["who never ordered", { firstOrderAt: null, lastOrderAt: null }, null, false],
  ["whose first order came later", { firstOrderAt: NOON, lastOrderAt: NOON }, null, false],
  ["who ordered once, long ago", { firstOrderAt: NOON - 400 * DAY_MS, lastOrderAt: NOON - 400 * DAY_MS }, null, true],
  [
    "who ordered longer ago than the shop counts",
    { firstOrderAt: NOON - 400 * DAY_MS, lastOrderAt: NOON - 366 * DAY_MS },
    365,
    false,
  ],
  [
    "who ordered within what the shop counts",
    { firstOrderAt: NOON - 400 * DAY_MS, lastOrderAt: NOON - 365 * DAY_MS },
    365,
    true,
  ],
  ["whose last order is not known", { firstOrderAt: NOON - 400 * DAY_MS, lastOrderAt: null }, 365, true],
])("isExistingCustomer decides on somebody %s", (_who, history, newCustomerDays, expected) => {
  expect(isExistingCustomer({ history, before: NOON, newCustomerDays })).toBe(expected);
});

const anyClick = fc
  .record({
    number: fc.nat(5),
    flags: fc.constantFrom(0, 0, 0, 1, 2),
    carrier: fc.constantFrom(...CARRIERS),
    codeState: fc.constantFrom("active", "active", "retired", "unknown"),
    codeRetiredReason: fc.constantFrom("abuse", "replaced", null),
    codeRetiredAt: fc.constantFrom(NOON - 10 * HOUR_MS, NOON, null),
    campaignOpenAtClick: fc.constantFrom(true, true, false),
    referrerPerson: fc.constantFrom("person-dan", "person-mara", "person-eve", null),
    isOwnersClick: fc.constantFrom(false, false, true),
    device: fc.constantFrom(null, "device-1"),
    hoursAgo: fc.integer({ min: -2, max: 800 }),
  })
  .map(({ number, hoursAgo, ...click }) =>
    buildClick({ ...click, clickId: `click-${number}`, clickedAt: NOON - hoursAgo * HOUR_MS }),
  );
/** Evidence of one click agrees in all but its carrier, since a token is signed. */
const anyClicks = fc.array(anyClick, { maxLength: 8 }).map((clicks) =>
  clicks.map((click) => ({
    ...(clicks.find(({ clickId }) => clickId === click.clickId) ?? click),
    carrier: click.carrier,
  })),
);
const anyFacts = fc
  .record({
    clicks: anyClicks,
    cartAt: fc.constantFrom(null, null, NOON - 5 * HOUR_MS),
    device: fc.constantFrom(null, "device-1"),
    firstOrderAt: fc.constantFrom(null, null, NOON - 100 * HOUR_MS),
    hasLiveReferral: fc.constantFrom(false, false, false, true),
  })
  .map(({ firstOrderAt, hasLiveReferral, ...facts }) =>
    buildAttributionFacts({ ...facts, friend: { ...friend, firstOrderAt, hasLiveReferral } }),
  );

test("chooseClick does not depend on the order of the evidence", () => {
  const shuffled = anyFacts.chain((facts) =>
    fc
      .shuffledSubarray([...facts.clicks], { minLength: facts.clicks.length })
      .map((clicks) => [facts, { ...facts, clicks }] as const),
  );
  fc.assert(
    fc.property(shuffled, ([facts, other]) => {
      expect(chooseClick(other)).toEqual(chooseClick(facts));
    }),
    { numRuns: 500 },
  );
});

test("chooseClick never guesses: its winner is valid and no valid click is newer, and it names one whenever there is one", () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      const result = chooseClick(facts);
      const valid = facts.clicks.filter((click) => invalidReason(click, facts) === null);
      expect(result.outcome === "attributed").toBe(valid.length > 0);
      if (result.outcome === "attributed") {
        expect(valid).toContainEqual(result.winner);
        expect(valid.every(({ clickedAt }) => clickedAt <= result.winner.clickedAt)).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});

test("chooseClick accounts for every click exactly once", () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      const result = chooseClick(facts);
      const named = result.losers.map(({ clickId }) => clickId);
      if (result.outcome === "attributed") named.push(result.winner.clickId);
      expect(named.toSorted()).toEqual([...new Set(facts.clicks.map(({ clickId }) => clickId))].toSorted());
    }),
  );
});

test("a claim counts with the cart that it was made with, and not with another", () => {
  const claim = buildClick({ carrier: "claim", cartTokenHash: "cart-1" });
  const weigh = (cartTokenHash: string | null) =>
    chooseClick(buildAttributionFacts({ cartTokenHash, clicks: [claim] })).outcome;
  expect(weigh("cart-1")).toBe("attributed");
  expect(weigh("cart-2")).toBe("unattributed");
  expect(weigh(null)).toBe("unattributed");
  const bare = buildClick({ carrier: "claim" });
  expect(chooseClick(buildAttributionFacts({ clicks: [bare] }))).toMatchObject({ reason: "claim_unproven" });
});

test("a click that no page confirmed counts by every carrier but the first page's address", () => {
  for (const carrier of CARRIERS) {
    const click = buildClick({ carrier, isUnseen: true, cartTokenHash: "cart-1" });
    const chosen = chooseClick(buildAttributionFacts({ cartTokenHash: "cart-1", clicks: [click] }));
    expect(chosen).toMatchObject(
      carrier === "landing_site" ? { outcome: "unattributed", reason: "forced" } : { outcome: "attributed" },
    );
  }
});

test("an order is one before the click when two clocks agree on it: order times are whole seconds", () => {
  const clickedAt = NOON - 3_600_000;
  const reasonAt = (firstOrderAt: number) => {
    const { friend } = buildAttributionFacts();
    const facts = buildAttributionFacts({
      friend: { ...friend, firstOrderAt, lastOrderAt: firstOrderAt },
      clicks: [buildClick({ clickedAt })],
    });
    return chooseClick(facts).outcome;
  };
  expect(reasonAt(clickedAt - 2_000)).toBe("attributed");
  expect(reasonAt(clickedAt - 2_001)).toBe("unattributed");
});

test("a click that lost is kept with whose it was, when and how it came", () => {
  const lost = buildClick({ clickId: "older", codeId: "code-2", clickedAt: NOON - 7_200_000, carrier: "pixel" });
  const { losers } = chooseClick(buildAttributionFacts({ clicks: [buildClick(), lost] }));
  const kept = { clickId: "older", codeId: "code-2", clickedAt: NOON - 7_200_000, carrier: "pixel" };
  expect(losers).toEqual([{ ...kept, reason: "older_click" }]);
});
