import type { CaseView, HomeView, ReferralDetailView, ReferralListView, ReferralRowView } from "#app/read-models.ts";
import { defaultTerms } from "#app/domain/terms/terms.ts";
import { termsToJson } from "#app/domain/terms/terms-json.ts";
import { parseCurrency } from "#app/domain/money/currency.ts";
import type { HealthView, ProgrammeView } from "#app/read-models.ts";
import type { WordsView } from "#app/words-view.ts";

export const REFERRAL_ID = "019aa001-0000-7000-8000-0000000000a1";
export const PERSON_ID = "019aa001-0000-7000-8000-0000000000b1";
export const CASE_ID = "019aa001-0000-7000-8000-0000000000c1";

export const gbp = (amount: string) => ({ amount, currency: "GBP" });

/** A shop in its third week. */
export function buildHome(change: Partial<HomeView> = {}): HomeView {
  return {
    shopName: "FreshBox",
    shopDomain: "freshbox.myshopify.com",
    setup: [
      { id: "installed", state: "done", detail: "Connected to freshbox.myshopify.com." },
      {
        id: "customers",
        state: "done",
        detail: "Every customer from before the install is known, so none of them counts as new.",
      },
      {
        id: "embed",
        state: "unknown",
        detail:
          "Switch on “Goodword referrals” under App embeds in your theme, so that taps are kept on the storefront.",
      },
      { id: "links", state: "done", detail: "The last tap was followed on 18 Nov 2026." },
      { id: "offer", state: "waiting", detail: "The default offer is in force. Save your own in Programme." },
    ],
    funnel: { clicks: 1284, opened: 96, pending: 31, held: 2, rewarded: 57, ended: 6 },
    links: 240,
    promised: { money: gbp("660.00"), coupons: 0 },
    outstanding: { money: gbp("420.00"), coupons: 31 },
    rewarded: { money: gbp("1140.00"), coupons: 31 },
    leakage: { codes: 3, cost: gbp("30.00") },
    openCases: 2,
    payoutsPaused: null,
    programPaused: false,
    hasNewCurrency: false,
    ...change,
  };
}

export const ROWS: ReferralRowView[] = [
  row({ shortId: "3F09A1", friend: "Mara", referrer: "Dan", state: "PENDING" }),
  row({
    shortId: "9C11D2",
    friend: "Mara-Lou",
    referrer: "Aoife",
    state: "PENDING",
    hasOrder: true,
    eligibleAt: "2026-12-02T09:00:00.000Z",
  }),
  row({ shortId: "71B2E3", friend: "Jo", referrer: "Sam", state: "HELD", reason: "same_card", hasOrder: true }),
  row({ shortId: "55D0F4", friend: "Ines", referrer: "Dan", state: "REWARDED", hasOrder: true }),
  row({
    shortId: "0AA4C5",
    friend: null,
    referrer: "Dan",
    state: "REJECTED",
    reason: "same_card_and_device",
    hasOrder: true,
  }),
  row({ shortId: "E2F7B6", friend: "Theo", referrer: null, state: "EXPIRED", reason: "link_expired" }),
];

function row(change: Partial<ReferralRowView> & Pick<ReferralRowView, "shortId" | "state">): ReferralRowView {
  return {
    id: REFERRAL_ID.replace("a1", change.shortId.slice(-2).toLowerCase()),
    friend: null,
    referrer: null,
    code: "7QK2A",
    openedAt: "2026-11-12T10:02:00.000Z",
    reason: null,
    hasOrder: false,
    eligibleAt: null,
    expiresAt: "2026-12-12T10:02:00.000Z",
    ...change,
  };
}

/** A page of referrals, one in every state but VOIDED. */
export function buildList(state: string | null): ReferralListView {
  return {
    rows: ROWS.filter((each) => state === null || each.state === state),
    nextCursor: state === null ? (ROWS[5]?.id ?? null) : null,
    counts: { PENDING: 31, HELD: 2, REWARDED: 57, REJECTED: 4, EXPIRED: 2, VOIDED: 0 },
  };
}

const COUPLE_RULES = [
  { id: "same_card", outcome: "hold", weight: 60, evidence: { cards_matched: 1 } },
  { id: "same_address", outcome: "hold", weight: 40, evidence: {} },
] as const;

/** A couple who share a card. */
export function buildCase(change: Partial<CaseView> = {}): CaseView {
  return {
    id: CASE_ID,
    kind: "fraud_hold",
    reason: "same_card",
    referralId: REFERRAL_ID,
    referral: { state: "HELD", reason: "same_card" },
    shortId: "71B2E3",
    friend: "Jo",
    referrer: "Sam",
    state: "open",
    decision: null,
    version: 0,
    openedAt: "2026-11-18T08:30:00.000Z",
    escalateAt: "2026-11-20T08:30:00.000Z",
    overdue: false,
    rules: COUPLE_RULES,
    referrerPerson: PERSON_ID,
    personId: null,
    waitsForSecond: false,
    choices: [
      { intent: "approve", obstacle: null, sides: [] },
      { intent: "reject", obstacle: null, sides: [] },
    ],
    reversal: null,
    rewards: [],
    receivable: null,
    ...change,
  };
}

/** The couple's referral, from the tap to the hold. */
export function buildDetail(change: Partial<ReferralDetailView> = {}): ReferralDetailView {
  return {
    id: REFERRAL_ID,
    shortId: "71B2E3",
    code: "7QK2A",
    friend: "Jo",
    referrer: "Sam",
    state: "HELD",
    reason: "same_card",
    hasOrder: true,
    openedAt: "2026-11-12T10:02:00.000Z",
    expiresAt: "2026-12-12T10:02:00.000Z",
    eligibleAt: "2026-11-30T09:00:00.000Z",
    decidedAt: null,
    termsVersion: 2,
    orderId: "5123456789012",
    paidAt: "2026-11-16T09:00:00.000Z",
    winner: { carrier: "account_bind", clickedAt: "2026-11-10T18:12:00.000Z", code: "7QK2A", reason: null },
    losers: [
      { carrier: "cart_attribute", clickedAt: "2026-11-02T07:40:00.000Z", code: "XM4TR", reason: "older_click" },
    ],
    rewards: [
      {
        side: "referrer",
        worth: { kind: "money", value: gbp("10.00") },
        status: "promised",
        code: null,
        expiresAt: null,
      },
      {
        side: "friend",
        worth: { kind: "money", value: gbp("10.00") },
        status: "promised",
        code: null,
        expiresAt: null,
      },
    ],
    decision: {
      at: "2026-11-18T08:30:00.000Z",
      occasion: "when the order was paid",
      verdict: "hold",
      score: 60,
      ruleset: "2026-11",
      rules: COUPLE_RULES,
    },
    openCase: buildCase(),
    timeline: [
      { at: "2026-11-10T18:12:00.000Z", title: "Link tapped: 7QK2A", reason: null, note: null, tone: "plain" },
      { at: "2026-11-12T10:02:00.000Z", title: "Referral opened", reason: null, note: null, tone: "plain" },
      { at: "2026-11-16T09:00:00.000Z", title: "First order recorded", reason: null, note: null, tone: "plain" },
      {
        at: "2026-11-18T08:30:00.000Z",
        title: "Held: waits for a person",
        reason: "same_card",
        note: null,
        tone: "careful",
      },
      {
        at: "2026-11-18T11:05:00.000Z",
        title: "Note by a reviewer",
        reason: null,
        note: "Asked the shop on Mill Road.",
        tone: "plain",
      },
    ],
    ...change,
  };
}

/** FreshBox's offer. */
export function buildProgramme(): ProgrammeView {
  const currency = parseCurrency("GBP");
  if (currency === null) throw new Error("GBP is a currency");
  const terms = termsToJson(defaultTerms(currency, 2));
  const missingScopes = { store_credit: [], gift_card: ["write_gift_cards"] };
  return {
    shopName: "FreshBox",
    currency,
    hasNewCurrency: false,
    missingScopes,
    linkExample: "https://freshbox.example/a/r/7QK2A",
    version: 2,
    terms,
  };
}

/** A quiet day with one thing to look at. */
export function buildHealth(change: Partial<HealthView> = {}): HealthView {
  return {
    payoutsPaused: null,
    inboxWaiting: 0,
    inboxOldestSeconds: 0,
    inboxDead: 1,
    outboxWaiting: 3,
    outboxOldestSeconds: 240,
    outboxDead: 0,
    notesUnknown: 0,
    rewardsBlocked: 0,
    checks: [
      { name: "check_caps", findings: 0, at: "2026-11-20T09:58:00Z" },
      { name: "check_overdue", findings: 3, at: "2026-11-20T09:58:00Z" },
    ],
    ...change,
  };
}

export function buildWordsView(isEmpty: boolean): WordsView {
  return {
    shopName: "FreshBox",
    voice: isEmpty ? null : "Warm, short sentences",
    language: "en",
    modelOn: true,
    quietFrom: 21,
    quietTo: 8,
    timezone: "Europe/London",
    teamMail: isEmpty ? [] : ["team@freshbox.example"],
    spend: { calls: isEmpty ? 0 : 42, inputTokens: 29_400, outputTokens: 5_300, usd: isEmpty ? "0.00" : "0.06" },
    templates: [],
    messages: isEmpty
      ? []
      : [
          {
            id: "01939c7e-0000-7000-8000-00000000d001",
            at: "2026-11-18T10:00:00.000Z",
            side: "friend",
            channel: "email",
            state: "failed",
            reason: "smtp_550",
            referralId: REFERRAL_ID,
          },
        ],
  };
}
