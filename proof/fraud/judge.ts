import { isBotAgent } from "#app/edge/agent.ts";
import { normaliseEmail } from "#app/domain/person/email.ts";
import { plainText } from "#app/domain/person/address.ts";
import type { PostalAddress } from "#app/domain/person/address.ts";
import { applyApproval } from "#app/domain/screen/approval.ts";
import type { Party } from "#app/domain/screen/facts.ts";
import { featuresOf } from "#app/domain/screen/features-of.ts";
import type { FiredRule, ScreenSettings } from "#app/domain/screen/screen.ts";
import { reasonOf, screen } from "#app/domain/screen/screen.ts";
import type { Random } from "../lib/random.ts";
import { DAY_MS } from "./maker.ts";
import { createMemoryHistory } from "./memory-history.ts";
import type { MemoryHistory } from "./memory-history.ts";
import type { Account, Attempt, Population, Purchase } from "./truth.ts";

const COOLING_OFF_MS = 14 * DAY_MS;
const NETWORK_KEPT_MS = 45 * DAY_MS;
/** Reviewers decide the day after, and are wrong five times in a hundred. */
const REVIEWED_AFTER_MS = DAY_MS;
const REVIEWER_ERRS_PER_HUNDRED = 5;
const REVIEWS_MAX = 3;

/** How one attempt came out. */
export type Outcome = {
  readonly attempt: Attempt;
  readonly end: "paid" | "blocked" | "refused";
  readonly wasHeld: boolean;
  /** Every rule that fired at any time, in the order of their first sight. */
  readonly rules: readonly FiredRule[];
};

type Running = {
  attempt: Attempt;
  end: Outcome["end"] | null;
  wasHeld: boolean;
  rules: FiredRule[];
  approved: FiredRule[];
  reviews: number;
};
type Step = {
  readonly at: number;
  readonly does: "open" | "review" | "pay" | "refund" | "merge";
  readonly running: Running;
};
type Shop = {
  readonly history: MemoryHistory;
  readonly bought: Map<string, number>;
  readonly settings: ScreenSettings;
  readonly random: Random;
};

/**
 * Lets a population live through a shop: every friend is screened when they buy and again at the payout, what is held is
 * decided by a person who errs, and what is approved is screened once more. The domain's own code judges; only the history is
 * kept in memory.
 */
export function judgePopulation(
  population: Population,
  options: { random: Random; settings?: ScreenSettings },
): Outcome[] {
  const shop: Shop = {
    history: createMemoryHistory(),
    bought: new Map(),
    settings: options.settings ?? {},
    random: options.random,
  };
  remember(shop, population);
  const steps = new Queue();
  const all = population.attempts.map((attempt): Running => ({
    attempt,
    end: null,
    wasHeld: false,
    rules: [],
    approved: [],
    reviews: 0,
  }));
  for (const running of all) {
    steps.add({ at: running.attempt.purchase.at, does: "open", running });
    if (running.attempt.mergedAt !== null) steps.add({ at: running.attempt.mergedAt, does: "merge", running });
  }
  for (let step = steps.next(); step !== null; step = steps.next()) take(shop, step, steps);
  return all.map(({ attempt, end, wasHeld, rules }) => ({ attempt, end: end ?? "refused", wasHeld, rules }));
}

/** Taps and claims are there from the start: what is counted around a moment does not depend on when it is counted. */
function remember({ history, bought }: Shop, { attempts, noise }: Population): void {
  for (const { code, at, network } of noise.taps) history.tap(code, at, network);
  for (const { code, at, email } of noise.claims) history.claim(code, null, at, email);
  for (const { referrer, friend, clickedAt, clickId, claim, purchase } of attempts) {
    if (purchase.network !== null) history.tap(referrer.code, clickedAt, purchase.network);
    if (claim !== null) history.claim(referrer.code, clickId, claim.at, friend.email);
    noteAccount(history, referrer.account);
    for (const own of referrer.purchases) {
      notePurchase(history, referrer.account.id, own);
      bought.set(referrer.account.id, Math.min(bought.get(referrer.account.id) ?? Infinity, own.at));
    }
  }
}

function take(shop: Shop, { at, does, running }: Step, steps: Queue): void {
  const { attempt } = running;
  const { history } = shop;
  switch (does) {
    case "open":
      noteAccount(history, attempt.friend);
      notePurchase(history, attempt.friend.id, attempt.purchase);
      history.open({
        id: attempt.id,
        code: attempt.referrer.code,
        referrer: attempt.referrer.account.id,
        friend: attempt.friend.id,
        openedAt: at,
      });
      look(shop, running, { at, next: { at: at + COOLING_OFF_MS, does: "pay", running } }, steps);
      shop.bought.set(attempt.friend.id, Math.min(shop.bought.get(attempt.friend.id) ?? Infinity, at));
      return;
    case "pay":
      look(shop, running, { at, next: null }, steps);
      if (running.end === "paid" && attempt.refundedAt !== null)
        steps.add({ at: Math.max(at, attempt.refundedAt), does: "refund", running });
      return;
    case "review":
      return review(shop, running, at, steps);
    case "refund":
      return history.refund(attempt.id);
    case "merge":
      // One customer now: what either was known by, both are.
      return history.noteSignal(attempt.friend.id, "customer", attempt.referrer.account.id);
  }
}

/** Screens, and does what the verdict says. `next`: what follows a pass; nothing means that it is paid. */
function look(shop: Shop, running: Running, occasion: { at: number; next: Step | null }, steps: Queue): void {
  const { attempt } = running;
  const found = screen(featuresOf(factsOf(shop, attempt)), shop.settings);
  for (const rule of found.rules) if (!running.rules.some(({ id }) => id === rule.id)) running.rules.push(rule);
  const { verdict, rules } = applyApproval(found, running.approved);
  if (verdict === "block") return end(shop, running, "blocked", reasonOf(found));
  if (verdict === "hold") {
    running.wasHeld = true;
    running.reviews += 1;
    running.approved = [...running.approved, ...rules];
    return running.reviews > REVIEWS_MAX
      ? end(shop, running, "refused")
      : steps.add({ at: occasion.at + REVIEWED_AFTER_MS, does: "review", running });
  }
  if (occasion.next === null) end(shop, running, "paid");
  else steps.add(occasion.next);
}

/** A grey couple is waved through: nobody can know better. */
function review(shop: Shop, running: Running, at: number, steps: Queue): void {
  const errs = shop.random.int(1, 100) <= REVIEWER_ERRS_PER_HUNDRED;
  const isApproved = (running.attempt.truth.label !== "cheat") !== errs;
  if (!isApproved) return end(shop, running, "refused");
  const dueAt = running.attempt.purchase.at + COOLING_OFF_MS;
  steps.add({ at: Math.max(at, dueAt), does: "pay", running });
}

function end(shop: Shop, running: Running, as: Outcome["end"], reason: string | null = null): void {
  running.end = as;
  shop.history.settle(running.attempt.id, as === "paid" ? "REWARDED" : "VOID", reason);
}

function factsOf({ history, bought }: Shop, attempt: Attempt) {
  const { referrer, friend, purchase, clickedAt, referrerHost, claim, clickId, risk } = attempt;
  const isBareClaim = claim !== null && !claim.isOwnBrowser;
  const asked = {
    referralId: attempt.id,
    friend: friend.id,
    referrer: referrer.account.id,
    code: referrer.code,
    openedAt: purchase.at,
    clickedAt,
    claimedClickId: claim === null ? null : clickId,
    signalsAt: purchase.at,
  };
  const firstOrderAt = bought.get(friend.id) ?? Infinity;
  return {
    friend: partyOf(history, friend, [purchase], purchase.at),
    referrer: partyOf(history, referrer.account, referrer.purchases, purchase.at),
    click: { clickedAt, referrerHost, isBareClaim },
    openedAt: purchase.at,
    orderAt: purchase.at,
    order: {
      agentIsBot: isBotAgent(purchase.agent),
      riskRecommendation: risk,
      boughtBefore: null,
      evidenceMissing: false,
    },
    history: { ...history.read(asked), boughtBefore: firstOrderAt < clickedAt },
  };
}

/** Shopify shows a customer's orders of the last sixty days, and the account's address, which the first order left there. */
const SHOWN_MS = 60 * DAY_MS;

function partyOf(history: MemoryHistory, account: Account, purchases: readonly Purchase[], at: number): Party {
  const shown = purchases.filter((one) => one.at > at - SHOWN_MS && one.at <= at);
  return {
    traces: history.tracesOf(account.id, at),
    emails: [account.email],
    addresses: [accountAddress(purchases, at), ...shown.map(({ address }) => address)].filter(
      (address) => address !== null,
    ),
  };
}

function accountAddress(purchases: readonly Purchase[], at: number): PostalAddress | null {
  const known = purchases.filter((one) => one.address !== null && one.at <= at);
  return known.toSorted((left, right) => left.at - right.at)[0]?.address ?? null;
}

/** In memory the normalised value stands for its keyed hash: equal where the hashes are. */
export function noteAccount(history: Pick<MemoryHistory, "noteSignal">, { id, email, phone }: Account): void {
  history.noteSignal(id, "customer", id);
  history.noteSignal(id, "email", normaliseEmail(email) ?? email);
  if (phone !== null) history.noteSignal(id, "phone", phone);
}

/** What an order leaves behind. */
export function notePurchase(history: Pick<MemoryHistory, "noteSignal">, person: string, purchase: Purchase): void {
  const { card, device, address, network, at } = purchase;
  if (card !== null) history.noteSignal(person, "card", Object.values(card).join("|"));
  if (device !== null) history.noteSignal(person, "device", device);
  if (address !== null) history.noteSignal(person, "address", wholeOf(address));
  if (network !== null) history.noteSignal(person, "network", network, at + NETWORK_KEPT_MS);
}

function wholeOf({ address1, address2, zip, city, countryCode }: PostalAddress): string {
  return [countryCode, zip ?? city, address1, address2].map((part) => plainText(part)).join("|");
}

/** What is to happen, by time: a heap, since two thirds of it is not known before it begins. */
class Queue {
  readonly #heap: Step[] = [];

  add(step: Step): void {
    const heap = this.#heap;
    heap.push(step);
    let place = heap.length - 1;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (!this.#isBefore(place, above)) return;
      this.#swap(place, above);
      place = above;
    }
  }

  next(): Step | null {
    const heap = this.#heap;
    const first = heap[0] ?? null;
    const last = heap.pop();
    if (first === null || last === undefined || heap.length === 0) return first;
    heap[0] = last;
    for (let place = 0; ;) {
      const [left, right] = [2 * place + 1, 2 * place + 2];
      let least = place;
      if (left < heap.length && this.#isBefore(left, least)) least = left;
      if (right < heap.length && this.#isBefore(right, least)) least = right;
      if (least === place) return first;
      this.#swap(place, least);
      place = least;
    }
  }

  #isBefore(left: number, right: number): boolean {
    const [one, other] = [this.#heap[left], this.#heap[right]];
    if (one === undefined || other === undefined) return false;
    return one.at !== other.at ? one.at < other.at : one.running.attempt.id < other.running.attempt.id;
  }

  #swap(left: number, right: number): void {
    const [one, other] = [this.#heap[left], this.#heap[right]];
    if (one === undefined || other === undefined) return;
    this.#heap[left] = other;
    this.#heap[right] = one;
  }
}
