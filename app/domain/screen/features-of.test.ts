import { expect, test } from "vitest";
import { NOON } from "#test/builders/domain.ts";
import { buildFacts, buildHistory, buildParty } from "#test/builders/screen-facts.ts";
import { featuresOf } from "./features-of.ts";

const HOME = { address1: "12 High Street", address2: null, city: "London", zip: "SW1A 1AA", countryCode: "GB" };
const keys = (count: number, at = NOON) => Array.from({ length: count }, (_, n) => ({ at: at + n, key: `k${n}` }));

test("a match is true, a difference is false, and what one of the two was never seen with is absent", () => {
  const friend = buildParty({ card: "a", device: "d" });
  const features = featuresOf(buildFacts({ friend, referrer: buildParty({ card: "a", device: "e", phone: "p" }) }));
  expect(features).toMatchObject({ sameCard: true, sameDevice: false, samePhone: null, sameAddress: null });
});

test("addresses are compared in clear where both are shown, the closest pair counting", () => {
  const friend = buildParty({}, { addresses: [HOME] });
  const referrer = buildParty(
    {},
    {
      addresses: [
        { ...HOME, address1: "9 Mill Lane" },
        { ...HOME, address1: "12 High St" },
      ],
    },
  );
  expect(featuresOf(buildFacts({ friend, referrer }))).toMatchObject({ sameAddress: false, addressEdits: 0 });
  const same = featuresOf(buildFacts({ friend, referrer: buildParty({}, { addresses: [HOME] }) }));
  expect(same).toMatchObject({ sameAddress: true, addressEdits: 0 });
  const apart = buildParty({}, { addresses: [{ ...HOME, address1: "9 Mill Lane" }] });
  expect(featuresOf(buildFacts({ friend, referrer: apart }))).toMatchObject({ sameAddress: false, addressEdits: null });
});

test("the hash of an address tells what is no longer shown", () => {
  const friend = buildParty({ address: "h" }, { addresses: [HOME] });
  expect(featuresOf(buildFacts({ friend, referrer: buildParty({ address: "h" }) })).sameAddress).toBe(true);
});

test("mailboxes are compared pair by pair, and a throw-away one is told", () => {
  const friend = buildParty({}, { emails: ["mara.1@shop.example", "x@mailinator.com"] });
  const referrer = buildParty({}, { emails: ["dan@else.example", "mara.2@shop.example"] });
  expect(featuresOf(buildFacts({ friend, referrer }))).toMatchObject({
    emailEdits: 1,
    emailIsNumbered: false,
    emailIsDisposable: true,
  });
  const ordinary = buildParty({}, { emails: ["mara@shop.example"] });
  expect(featuresOf(buildFacts({ friend: ordinary, referrer })).emailIsDisposable).toBe(false);
  expect(featuresOf(buildFacts())).toMatchObject({ emailEdits: null, emailIsNumbered: null, emailIsDisposable: null });
});

test("bursts are counted around the click, the sign-up and the claim", () => {
  const history = buildHistory({
    taps: keys(5, NOON - 3_600_000),
    signUpsOnCode: keys(4),
    signUpsOnDevice: keys(3),
    signUpsOnNetwork: keys(2),
    claims: { at: NOON, others: keys(7) },
  });
  const click = { clickedAt: NOON - 3_600_000, referrerHost: "retailmenot.com", isBareClaim: true };
  expect(featuresOf(buildFacts({ history, click }))).toMatchObject({
    networksInHour: 5,
    signUpsOnCode: 4,
    signUpsOnDevice: 3,
    signUpsOnNetwork: 2,
    claimedEmails: 7,
    couponSource: true,
    clickToOrderMs: 3_600_000,
  });
});

test("a claim that the friend's own browser made counts no addresses, and neither does a tap that no claim brought", () => {
  const claims = { at: NOON, others: keys(7) };
  const click = { clickedAt: NOON, referrerHost: null, isBareClaim: false };
  expect(featuresOf(buildFacts({ history: buildHistory({ claims }), click })).claimedEmails).toBeNull();
  expect(featuresOf(buildFacts({ click: { ...click, isBareClaim: true } })).claimedEmails).toBeNull();
});

test("without a click or an order there is nothing to measure", () => {
  const features = featuresOf(buildFacts({ click: null, orderAt: null }));
  expect(features).toMatchObject({
    networksInHour: null,
    couponSource: null,
    clickToOrderMs: null,
    claimedEmails: null,
  });
  expect(featuresOf(buildFacts({ orderAt: null })).clickToOrderMs).toBeNull();
});

test("an order that is dated before its click is no time after it, not a negative one", () => {
  expect(featuresOf(buildFacts({ orderAt: NOON - 7_200_000 })).clickToOrderMs).toBe(0);
});

test("whoever bought before, by our own history or by Shopify's, did", () => {
  const order = { agentIsBot: false, riskRecommendation: null, boughtBefore: true, evidenceMissing: false };
  expect(featuresOf(buildFacts({ order })).boughtBefore).toBe(true);
  expect(featuresOf(buildFacts({ history: buildHistory({ boughtBefore: true }) })).boughtBefore).toBe(true);
  expect(featuresOf(buildFacts()).boughtBefore).toBe(false);
});

test("featuresOf sees a mailbox with a number more, and hands on how many others are alike", () => {
  const friend = buildParty({}, { emails: ["jan.novak7@mail.example"] });
  const referrer = buildParty({}, { emails: ["old@mail.example", "jan.novak@mail.example"] });
  const facts = buildFacts({ friend, referrer, history: buildHistory({ peopleAlike: 2 }) });
  expect(featuresOf(facts)).toMatchObject({ emailIsNumbered: true, peopleAlike: 2 });
});
