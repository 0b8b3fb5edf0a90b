import { BATCH } from "./batch-guards.ts";
import type { CodeGuard } from "./code-guard.ts";

const webhooks = "app/edge/webhooks.ts";
const settle = "app/usecases/settle-referral.ts";

const DOOR: readonly CodeGuard[] = [
  {
    guard: "the HMAC of a delivery is checked",
    group: "door",
    attack: "a delivery signed with a guessed secret",
    hunks: [
      {
        file: webhooks,
        from: 'if (!isGenuineBody(body, headers.hmac, deps.secrets)) return "bad_hmac";',
        to: "void isGenuineBody;",
      },
    ],
  },
  {
    guard: "200 after the commit",
    group: "door",
    attack: "a delivery that cannot be stored",
    hunks: [
      {
        file: webhooks,
        from: "const stored = await within(deps.deliveries.submit(row), STORE_BUDGET_MS);",
        to: 'void deps.deliveries.submit(row).catch(() => undefined); const stored = { outcome: "done" };',
      },
    ],
  },
  {
    guard: "the bell after the commit",
    group: "door",
    attack: "the bell of a delivery that cannot be stored",
    hunks: [
      {
        file: webhooks,
        from: "const stored = await within(",
        to: 'deps.ringer.ring("inbox", row.shopId); const stored = await within(',
      },
    ],
  },
  {
    guard: "a body names its shop",
    group: "door",
    attack: "a genuine body of one shop under the name of another",
    hunks: [
      {
        file: "app/edge/extract/extract-facts.ts",
        from: "if (named !== null && named.toLowerCase() !== context.shop.domain)",
        to: "if (named === undefined)",
      },
    ],
  },
  {
    guard: "the signature of the proxy is checked",
    group: "door",
    attack: "a link that nobody signed",
    hunks: [
      {
        file: "app/edge/verify-proxy.ts",
        from: 'if (!isSignedBy(secrets, Buffer.from(message, "latin1"), Buffer.from(signature, "hex"))) return BAD;',
        to: "",
      },
    ],
  },
  {
    guard: "a session token names its audience",
    group: "door",
    attack: "a session token made for another app",
    hunks: [
      {
        file: "app/edge/verify-session-token.ts",
        from: 'if (claims["aud"] !== expected.apiKey) return { outcome: "foreign_audience" };',
        to: "",
      },
    ],
  },
];

/** Statements are no modules: a hunk takes this out as they are read. */
export const WINDOW_IN_STATEMENT = "AND a.order_at <= r.expires_at";

const MONEY: readonly CodeGuard[] = [
  {
    guard: "the order is read again at the payout",
    group: "money",
    attack: "an order refunded during the cooling-off",
    hunks: [
      {
        file: settle,
        from: "const [answer] = await weighPayouts(tx, shop, [{ work, evidence, referral }], now);",
        to: 'void weighPayouts; const answer = { outcome: "payable", decidedOn: "order" };',
      },
    ],
  },
  {
    guard: "a referral that changed meanwhile waits",
    group: "money",
    attack: "an order refunded while it is being read",
    hunks: [
      {
        file: "app/usecases/weigh-payout.ts",
        from: 'return referral.version === work.referral.version ? "as_loaded" : "out_of_date";',
        to: 'return "as_loaded";',
      },
    ],
  },
  {
    guard: "the cooling-off",
    group: "money",
    attack: "a reward an hour after the order",
    hunks: [
      {
        file: "app/domain/referral/conversion.ts",
        from: "return paidAt + daysMs(coolingOffDays);",
        to: "return paidAt + 0 * daysMs(coolingOffDays);",
      },
    ],
  },
  {
    guard: "the switch that pauses all payouts",
    group: "money",
    attack: "a payout while all payouts are paused",
    hunks: [{ file: settle, from: "return deps.payoutsPaused || shop.payoutsPaused", to: "return shop.payoutsPaused" }],
  },
  {
    guard: "who bought before is seen at the payout",
    group: "money",
    attack: "a friend who turns out to have bought before",
    hunks: [
      {
        file: "app/usecases/referral-work.ts",
        from: "boughtBefore: evidence === null ? null : shopifySaysBoughtBefore(work, evidence),",
        to: "boughtBefore: null,",
      },
    ],
  },
  {
    guard: "the window, in the domain and in the statement",
    group: "money",
    attack: "an order after the window",
    hunks: [
      {
        file: "app/domain/referral/conversion.ts",
        from: 'return orderAt > window.expiresAt ? "outside_window" : null;',
        to: "return null;",
      },
      {
        file: "app/data/statements.ts",
        from: 'text.replace(HEADER, "").trim()',
        to: `text.replace(HEADER, "").trim().replace("${WINDOW_IN_STATEMENT}", "")`,
      },
    ],
  },
  {
    guard: "the HMAC of a click token is checked",
    group: "money",
    attack: "a token whose code was changed",
    hunks: [
      {
        file: "app/platform/click-token.ts",
        from: "if (!timingSafeEqual(macOf(key, body), bytes.subarray(bytes.length - MAC_BYTES))) return FORGED;",
        to: "",
      },
    ],
  },
];

/** The failpoints' control takes it out as well. */
export const NOTE_CLAIM: CodeGuard = {
  guard: "a note is claimed before it is sent",
  group: "shopify",
  attack: "two runs that send the same note",
  hunks: [
    {
      file: "app/usecases/send-note.ts",
      from: "const isClaimed = await claimNote(tx, { shopId, noteId, channel, source, now });",
      to: "void claimNote; const isClaimed = true;",
    },
  ],
};

const SHOPIFY: readonly CodeGuard[] = [
  {
    guard: "what exists already is adopted",
    group: "shopify",
    attack: "a discount whose creation is applied and not answered",
    hunks: [
      { file: "app/usecases/place-code.ts", from: "if (!isFirst || plan.wasTried) {", to: "if (!isFirst) {" },
      {
        file: "app/usecases/place-code.ts",
        from: 'const found = await findParent(admin, draft);\n      return found.outcome === "missing"',
        to: 'const found = { outcome: "missing" };\n      return found.outcome === "missing"',
      },
    ],
  },
  {
    guard: "a reward's code follows from the reward, and is saved before the call",
    group: "shopify",
    attack: "a discount whose creation is applied and not answered",
    hunks: [
      {
        file: "app/usecases/fulfil-code.ts",
        from: "shop.keyring.rewardCodeMac(reward.id, CODE_ATTEMPT)",
        to: "shop.keyring.rewardCodeMac(newId(), CODE_ATTEMPT)",
      },
      {
        file: "app/usecases/fulfil-code.ts",
        from: 'form: "code", code, expiresAt });',
        to: 'form: "code", code: null, expiresAt });',
      },
      { file: "app/usecases/fulfil-code.ts", from: "firstCode: parent.firstCode,", to: "firstCode: code," },
    ],
  },
  {
    guard: "an unanswered credit is looked for",
    group: "shopify",
    attack: "store credit that is given and not answered",
    hunks: [
      { file: "app/usecases/fulfil-store-credit.ts", from: "if (work.sends > 0) {", to: "if (work.sends < 0) {" },
    ],
  },
  {
    guard: "a token is renewed under its row's lock",
    group: "shopify",
    attack: "ten processes whose token is about to end",
    hunks: [
      {
        file: "app/usecases/access-token.ts",
        from: "const session = await lockSession(tx",
        to: "const session = await readSession(tx",
      },
    ],
  },
  NOTE_CLAIM,
];

const ROWS: readonly CodeGuard[] = [
  {
    guard: "a run is counted before it begins",
    group: "row",
    attack: "a row that takes every process with it",
    hunks: [
      {
        file: "app/data/inbox.repo.ts",
        from: "UPDATE inbox i SET attempts = i.attempts + 1, next_at = $3",
        to: "UPDATE inbox i SET next_at = $3",
      },
    ],
  },
  {
    guard: "the shop ends with the transaction",
    group: "row",
    attack: "a connection that still knows its last shop",
    hunks: [{ file: "app/data/tenant.ts", from: "'${shopId}', true)`", to: "'${shopId}', false)`" }],
  },
  {
    guard: "events that cannot be worked on together are worked on one by one",
    group: "row",
    attack: "events whose batch always fails",
    hunks: [
      {
        file: "app/jobs/inbox-drain.ts",
        from: 'deps.logger.warn({ shopId: first.shopId, count: rows.length, err: error }, "a batch is worked on row by row");',
        to: "throw error;",
      },
    ],
  },
];

/** Guards that no constraint can be: removed in a child process by changing its source as it is loaded. */
export const CODE_GUARDS: readonly CodeGuard[] = [...DOOR, ...MONEY, ...BATCH, ...SHOPIFY, ...ROWS];
