import type { PaidOrder } from "../load/wave.ts";
import type { BooksAudit } from "./read-books.ts";

/** A referral with an order, as the database has it. */
export type StoredReferral = {
  readonly shop: string;
  readonly orderId: string;
  readonly state: string;
  readonly reason: string | null;
  readonly rewards: readonly { readonly side: number; readonly code: string | null; readonly status: string }[];
};

/** The discount codes that the pretend Shopify holds for one shop. */
export type Outside = { readonly shop: string; readonly codes: readonly string[] };

export type Evidence = {
  /** What was bought by a link and acknowledged: the outside's list of what must be paid. */
  readonly orders: readonly PaidOrder[];
  readonly referrals: readonly StoredReferral[];
  readonly outside: readonly Outside[];
  /** The text of every mail that was sent, of all shops. */
  readonly mails: readonly string[];
  /** Rows of the `check_*` views, by view. */
  readonly checks: Readonly<Record<string, number>>;
  /** The books as they were worked out anew from their entries. */
  readonly books: BooksAudit;
};

export type Judgement = {
  /** Orders that ended as two rewards with two codes that exist outside. */
  readonly paidOnce: number;
  readonly lost: number;
  readonly doubled: number;
  /** Codes that exist outside. */
  readonly codes: number;
  /** Rows of all `check_*` views, and what the audit of the books found. */
  readonly checkRows: number;
  /** Entries of the ledger that were audited. */
  readonly entries: number;
  /** The first few, in words. */
  readonly findings: readonly string[];
};

const FINDINGS_MAX = 12;
/** A long run plays years: a reward that was given lapses in them. Whether it was given is for its code outside to say. */
const GIVEN: ReadonlySet<string> = new Set(["issued", "expired"]);

/** Compares what had to happen with what the database and the outside world say. Pure, so that it can be shown to see. */
export function judge(evidence: Evidence): Judgement {
  const { orders, referrals, outside, checks, books } = evidence;
  const lost: string[] = [];
  const doubled: string[] = [];
  const codesOutside = new Map(outside.map(({ shop, codes }) => [shop, countOf(codes)]));
  const byOrder = Map.groupBy(referrals, keyOf);
  let paidOnce = 0;
  for (const order of orders) {
    const faultsBefore = lost.length + doubled.length;
    const name = `order ${order.orderId} of ${order.shop}`;
    const all = byOrder.get(keyOf(order)) ?? [];
    const paid = all.filter(({ state }) => state === "REWARDED");
    if (paid.length > 1) doubled.push(`${name} paid ${paid.length} referrals`);
    const [first] = paid;
    if (first === undefined) lost.push(`${name} is not paid: ${describe(all)}`);
    else lookAtSides(first, name, codesOutside.get(order.shop) ?? new Map(), { lost, doubled });
    if (lost.length + doubled.length === faultsBefore) paidOnce += 1;
  }
  for (const one of outside) lookForOrphans(one, referrals, doubled);
  lookForRepeats(evidence, doubled);
  const rows = Object.entries(checks).filter(([, count]) => count > 0);
  const checkRows = rows.reduce((sum, [, count]) => sum + count, books.findings.length);
  const views = rows.map(([view, count]) => `${view} has ${count} rows`);
  const findings = [...lost, ...doubled, ...views, ...books.findings].slice(0, FINDINGS_MAX);
  const codes = outside.reduce((sum, one) => sum + one.codes.length, 0);
  const { entries } = books;
  return { paidOnce, lost: lost.length, doubled: doubled.length, codes, checkRows, entries, findings };
}

type Faults = { readonly lost: string[]; readonly doubled: string[] };

function lookAtSides(
  referral: StoredReferral,
  name: string,
  outside: ReadonlyMap<string, number>,
  faults: Faults,
): void {
  for (const [side, who] of [
    [1, "referrer"],
    [2, "friend"],
  ] as const) {
    const rewards = referral.rewards.filter((reward) => reward.side === side);
    if (rewards.length > 1) faults.doubled.push(`${name} has ${rewards.length} rewards for the ${who}`);
    const { code = null, status = "missing" } = rewards[0] ?? {};
    if (code === null || !GIVEN.has(status)) {
      faults.lost.push(`${name}: the ${who}'s reward is ${status}`);
    } else if (!outside.has(code)) {
      faults.lost.push(`${name}: the ${who}'s code does not exist outside`);
    }
  }
}

/** A code that no reward knows, or a code twice. */
function lookForOrphans(outside: Outside, referrals: readonly StoredReferral[], doubled: string[]): void {
  const known = new Set(
    referrals.filter(({ shop }) => shop === outside.shop).flatMap(({ rewards }) => rewards.map(({ code }) => code)),
  );
  for (const [code, count] of countOf(outside.codes)) {
    if (!known.has(code)) doubled.push(`${outside.shop} has a code that no reward knows`);
    if (count > 1) doubled.push(`${outside.shop} has one code ${count} times`);
  }
}

/** A code is sent once; that no mail came at all is allowed, since a mail whose fate is unknown is not sent again. */
function lookForRepeats({ outside, mails }: Evidence, doubled: string[]): void {
  const codes = new Set(outside.flatMap((one) => one.codes));
  const mentioned = mails.flatMap((mail) =>
    [...new Set(mail.split(/[^A-Za-z0-9-]+/))].filter((word) => codes.has(word)),
  );
  for (const count of countOf(mentioned).values()) if (count > 1) doubled.push(`one code was sent in ${count} mails`);
}

function describe(referrals: readonly StoredReferral[]): string {
  if (referrals.length === 0) return "no referral has it";
  return referrals.map(({ state, reason }) => `${state} ${reason ?? ""}`.trim()).join(", ");
}

function keyOf({ shop, orderId }: PaidOrder): string {
  return `${shop} ${orderId}`;
}

function countOf(items: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}
