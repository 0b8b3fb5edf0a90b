import { buildComparison, buildReviewTeam } from "./preview-review.ts";
import { buildBackTest, buildBlocks } from "./preview-screen.ts";
import { pino } from "pino";
import type { Goodword, ReviewInput, SaveTermsResult } from "#app/goodword.ts";
import { shopIdFor } from "#app/platform/ids.ts";
import { loadEnv } from "#app/platform/env.ts";
import { buildLedger } from "./preview-ledger.ts";
import { buildReconciliation } from "./preview-reconciliation.ts";
import { buildAppeal, buildClosedCase, buildPerson, buildRefundCase } from "./preview-cases.ts";
import {
  buildCase,
  buildDetail,
  buildHealth,
  buildHome,
  buildList,
  buildProgramme,
  buildWordsView,
  PERSON_ID,
  REFERRAL_ID,
} from "./preview-views.ts";

const SHOP = "freshbox.myshopify.com";

export type Preview = {
  readonly goodword: Goodword;
  readonly calls: { name: string; input: unknown }[];
  setEmpty(isEmpty: boolean): void;
  setInstalled(isInstalled: boolean): void;
};

/** A Goodword with made-up answers: every call is kept, and `setEmpty` shows the first day instead of the third week. */
export function createPreviewGoodword(origin: string): Preview {
  let isEmpty = false;
  let isInstalled = true;
  const calls: { name: string; input: unknown }[] = [];
  const note = (name: string, input: unknown): void => void calls.push({ name, input });
  const partial: Omit<
    Goodword,
    | "shopify"
    | "shops"
    | "ringer"
    | "mintLink"
    | "customerInvite"
    | "bindCustomer"
    | "claimWelcome"
    | "confirmClick"
    | "describeInvitation"
    | "nameLink"
    | "importCodes"
    | "customerStatus"
  > = {
    env: loadEnv({
      GOODWORD_MODE: "test",
      SHOPIFY_API_KEY: "preview-key",
      SHOPIFY_API_SECRET: "preview-secret",
      SHOPIFY_APP_URL: origin,
      SHOPIFY_SIMULATOR_URL: origin,
      DATA_KEY: Buffer.alloc(32, 7).toString("base64"),
    }),
    clock: { now: () => new Date("2026-11-20T10:00:00Z") },
    logger: pino({ level: "warn" }),
    saveTerms: async (input): Promise<SaveTermsResult> => {
      note("saveTerms", input);
      return JSON.stringify(input.patch).includes('"window_days":99')
        ? {
            outcome: "invalid",
            problems: [{ path: "window_days", code: "out_of_range", message: "This is outside the allowed range." }],
          }
        : { outcome: "saved", version: 3 };
    },
    reviewCase: async (input: ReviewInput) => {
      note("reviewCase", input);
      return input.version === 0 ? { outcome: "decided", state: "PENDING" } : { outcome: "stale" };
    },
    reviewMany: async (input) => {
      note("reviewMany", input);
      return input.cases.map(({ caseId }) => ({ caseId, result: { outcome: "decided", state: "PENDING" } }));
    },
    meetStaff: () => Promise.resolve(),
    reviewTeam: async () => buildReviewTeam(),
    setReviewRules: async (input) => {
      note("setReviewRules", input);
      return { outcome: "saved" };
    },
    openByHand: async (input) => {
      note("openByHand", input);
      return { outcome: "opened", referralId: REFERRAL_ID, waitsForSecond: false };
    },
    showPeople: async () => ({ outcome: "shown", comparison: buildComparison() }),
    saveWording: async (input) => {
      note("saveWording", input);
      return { outcome: "saved" };
    },
    saveWordSettings: async (input) => {
      note("saveWordSettings", input);
      return { outcome: "saved" };
    },
    previewWords: async (input) => {
      note("previewWords", input);
      const text = `In the voice of ${input.voice ?? "nobody"}`;
      return { words: [{ kind: "invite", text, source: "model" }], reason: null };
    },
    resendNote: async (input) => {
      note("resendNote", input);
      return { outcome: "not_failed" };
    },
    replayDead: () => Promise.resolve(0),
    decideDifference: async (input) => {
      note("decideDifference", input);
      return { outcome: "decided" };
    },
    reconcileShop: async (input) => {
      note("reconcileShop", input);
      return { outcome: "started" };
    },
    pausePayouts: async (input) => note("pausePayouts", input),
    ledger: {
      view: async () => buildLedger(isEmpty),
      async *journal(input) {
        note("journal", input);
        yield "date,entry_id\r\n";
        yield "2026-11-19,e1\r\n";
      },
    },
    retireCode: async (input) => {
      note("retireCode", input);
      return { outcome: "retired", voided: 1 };
    },
    judgement: {
      tryTwoPeople: async () => ({ outcome: "nobody", who: "friend" }),
      backTest: async (input) => {
        note("backTest", input);
        return buildBackTest();
      },
      replay: async () => ({ replayed: 0, same: 0, differing: 0, unreadable: 0, odd: [] }),
      blockList: async () => (isEmpty ? [] : buildBlocks()),
      addToBlockList: async () => ({ outcome: "added", id: "block-1" }),
      removeFromBlockList: async () => ({ outcome: "removed" }),
    },
    setUsageLimit: async (input) => note("setUsageLimit", input),
    adminBlock: async () => ({ referrals: [], ownLink: null }),
    appealReferral: async () => ({ outcome: "appealed" }),
    heldData: {
      list: async () => [
        {
          id: REFERRAL_ID,
          requestedAt: "2026-11-18T09:00:00Z",
          expiresAt: "2026-12-18T09:00:00Z",
          isKnown: true,
        },
      ],
      fetch: async ({ requestId }) =>
        requestId === REFERRAL_ID ? { requestedAt: "2026-11-18T09:00:00Z", profile: null, held: null } : null,
    },
    queries: {
      home: async () =>
        isEmpty
          ? buildHome({
              funnel: { clicks: 0, opened: 0, pending: 0, held: 0, rewarded: 0, ended: 0 },
              links: 0,
              openCases: 0,
            })
          : buildHome(),
      listReferrals: async ({ state }) => {
        const list = buildList(state);
        return isEmpty
          ? {
              rows: [],
              nextCursor: null,
              counts: { PENDING: 0, HELD: 0, REWARDED: 0, REJECTED: 0, EXPIRED: 0, VOIDED: 0 },
            }
          : list;
      },
      referralDetail: async ({ id }) => (id.startsWith(REFERRAL_ID.slice(0, 20)) ? buildDetail({ id }) : null),
      programme: async () => buildProgramme(),
      health: async () => buildHealth(),
      reconciliation: async () => buildReconciliation(),
      words: async () => buildWordsView(isEmpty),
      openCases: async () =>
        isEmpty
          ? []
          : [
              buildCase(),
              buildRefundCase(),
              buildAppeal("EXPIRED"),
              buildAppeal("REJECTED"),
              buildCase({
                id: REFERRAL_ID,
                kind: "reward_cap",
                reason: "reward_cap",
                rules: [],
                friend: "Ines",
                referrer: "Dan",
                overdue: true,
              }),
            ],
      closedCases: async () => (isEmpty ? [] : [buildClosedCase()]),
      linkedReferrals: async () => ({
        byFriend: [],
        likeFriend: buildList("REWARDED").rows.slice(0, 1),
        ofReferrer: [],
      }),
      person: async ({ id }) => (id === PERSON_ID ? buildPerson() : null),
    },
  };
  // Throws, as the library does, what leads a visitor without a token to the page that fetches one.
  const bounce = () => new Response(null, { status: 302, headers: { location: "/auth/session-token" } });
  const shopify = {
    authenticate: {
      admin: async (request: Request) => {
        if (request.headers.get("authorization") === "Bearer expired") throw new Response(null, { status: 401 });
        if (request.headers.get("authorization") === "none") throw bounce();
        return { session: { shop: SHOP }, sessionToken: { sub: "7001" } };
      },
    },
  };
  const shops = {
    byDomain: async (domain: string) => (isInstalled ? { shopId: shopIdFor(domain), domain } : null),
    forget: () => undefined,
  };
  // The pages call no more of these than what is here; whatever else they called would fail loudly.
  return {
    goodword: { ...partial, shopify, shops } as unknown as Goodword,
    calls,
    setEmpty: (value) => void (isEmpty = value),
    setInstalled: (value) => void (isInstalled = value),
  };
}
