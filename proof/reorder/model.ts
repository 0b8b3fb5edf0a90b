import type { Claim, Message, Offer, OrderMessage, Seen, Tap, TrueOrder } from "./told.ts";
import { ACCOUNTS, DAY_MS, HOUR_MS } from "./story.ts";
import type { Who } from "./story.ts";

type Person = { names: Who[]; firstOrder: number; devices: Set<string> };
type Code = { text: string; owner: Person; offer: Offer; retired: { at: number; reason: string } | null };
type Referral = {
  friend: Person; code: Code; tap: Tap; expires: number; state: string; reason: string | null;
  order: string | null; orderAt: number; paidAt: number | null; settleAt: number; lookAt: number; unreadSince: number | null; screened: Set<string>;
  fired: string[]; passed: Set<string>; giveUpAt: number; rewards: string[]; cases: Set<string>;
}; // prettier-ignore
type Parked = { message: OrderMessage; until: number };

const LATE_MS = 26 * HOUR_MS;
const UNPAID_MS = 30 * DAY_MS;
/** While a shop is away its work looks again within this time; nothing else happens to a story meanwhile. */
const LOOK_AGAIN_MS = 20 * 60_000;

/** The rules of who is paid, in memory: small, slow, and written from the rules alone. It is what the app is compared with. */
export function createModel(orders: ReadonlyMap<string, TrueOrder>, first: Offer) {
  const people = new Map<Who, Person>(
    ACCOUNTS.map((who) => [who, { names: [], firstOrder: Infinity, devices: new Set() }]),
  );
  const codes = new Map<string, Code>();
  const claims: Claim[] = [];
  const referrals: Referral[] = [];
  const asked = new Set<string>();
  let parked: Parked[] = [];
  let offer = first;
  let [isAway, fuzzyUntil, clock] = [false, 0, 0];

  function person(who: Who): Person {
    const found = people.get(who);
    if (found === undefined) throw new Error(who);
    if (!found.names.includes(who)) found.names.push(who);
    return found;
  }
  const isOpen = ({ state }: Referral): boolean => state === "PENDING" || state === "HELD";
  const activeCode = (owner: Person): Code | undefined =>
    [...codes.values()].find((code) => code.owner === owner && code.retired === null);
  function end(referral: Referral, state: string, reason: string): void {
    if (isOpen(referral)) Object.assign(referral, { state, reason });
  }
  function hold(referral: Referral, reason: string): void {
    if (referral.state === "PENDING") Object.assign(referral, { state: "HELD", reason });
  }

  function counts(tap: Tap, at: number, friend: Person): boolean {
    const code = codes.get(tap.code);
    if (code === undefined || offer.paused || at > tap.expiresAt || tap.at > at) return false;
    if (code.retired !== null && (code.retired.reason === "abuse" || code.retired.at <= tap.at)) return false;
    const own = referrals.filter((referral) => referral.friend === friend);
    const isTaken = own.some((one) => isOpen(one) || one.state === "REJECTED" || one.state === "REWARDED");
    return code.owner !== friend && !isTaken && friend.firstOrder >= tap.at;
  }
  function open(tap: Tap, friend: Person): Referral | null {
    const code = codes.get(tap.code);
    if (code === undefined) return null;
    const expires = tap.at + code.offer.windowDays * DAY_MS;
    const referral: Referral = {
      friend, code, tap, expires, state: "PENDING", reason: null, order: null, orderAt: 0, paidAt: null, settleAt: Infinity,
      lookAt: expires + LATE_MS, unreadSince: null, screened: new Set(), fired: [], passed: new Set(), giveUpAt: Infinity, rewards: [], cases: new Set(),
    }; // prettier-ignore
    referrals.push(referral);
    return referral;
  }
  /** The newest tap that counts opens a referral. */
  function weigh(taps: readonly Tap[], at: number, friend: Person): Referral | null {
    const [winner] = taps.filter((tap) => counts(tap, at, friend)).toSorted((a, b) => b.at - a.at);
    return winner === undefined ? null : open(winner, friend);
  }
  function screen(referral: Referral, order: TrueOrder | null): boolean {
    if (referral.friend.firstOrder < referral.tap.at) return (end(referral, "REJECTED", "existing_customer"), false);
    const isSameDevice = !referral.friend.devices.isDisjointFrom(referral.code.owner.devices);
    referral.fired = [...(isSameDevice ? ["same_device"] : []), ...(order?.risky === true ? ["order_risk"] : [])];
    const [reason] = referral.fired.filter((rule) => !referral.passed.has(rule));
    if (reason !== undefined) hold(referral, reason);
    return reason === undefined;
  }
  function screenOrder(referral: Referral): void {
    referral.giveUpAt = isAway ? Math.min(referral.giveUpAt, clock + DAY_MS) : Infinity;
    if (!isAway && isOpen(referral) && referral.order !== null) screen(referral, orders.get(referral.order) ?? null);
  }

  /** Shopify could not be asked about the order for a day: a person looks. */
  function giveUp(referral: Referral): void {
    [referral.giveUpAt, fuzzyUntil] = [Infinity, clock + LOOK_AGAIN_MS];
    if (!isOpen(referral) || referral.order === null) return;
    const isSameDevice = !referral.friend.devices.isDisjointFrom(referral.code.owner.devices);
    referral.fired = [...(isSameDevice ? ["same_device"] : []), "evidence_missing"];
    const [reason] = referral.fired.filter((rule) => !referral.passed.has(rule));
    if (reason !== undefined) hold(referral, reason);
  }

  function convert(referral: Referral, told: OrderMessage): void {
    const isNew =
      referral.order === null && told.cancelledAt === null && told.at <= referral.expires && told.at >= referral.tap.at;
    if (isNew) Object.assign(referral, { order: told.order, orderAt: told.at, paidAt: null });
    if (referral.order !== told.order || (!isNew && (told.paidAt === null || referral.paidAt !== null))) return;
    referral.paidAt = told.paidAt;
    referral.settleAt = told.paidAt === null ? Infinity : told.paidAt + referral.code.offer.coolingOffDays * DAY_MS;
    // Asked for once when the order is known and once when it is paid, however often it comes and goes.
    const occasion = `${told.order}:${isNew ? "order" : "paid"}`;
    if (!referral.screened.has(occasion)) screenOrder(referral);
    referral.screened.add(occasion);
  }
  function drop(referral: Referral, reason: string): void {
    if (clock >= referral.expires + LATE_MS) return end(referral, "VOIDED", reason);
    // A screening that still waits for Shopify finds no order when it looks again, and is over.
    if (referral.giveUpAt < Infinity) fuzzyUntil = clock + LOOK_AGAIN_MS;
    Object.assign(referral, { order: null, paidAt: null, settleAt: Infinity, giveUpAt: Infinity });
  }
  function heardOfOrder(told: OrderMessage, until: number): void {
    const friend = person(told.who);
    const isNew = friend.firstOrder >= told.at;
    const live = referrals.find((referral) => referral.friend === friend && isOpen(referral));
    const isPaid = referrals.some((referral) => referral.friend === friend && referral.state === "REWARDED");
    const usesCodeOf = (claim: Claim): boolean => told.welcomeCode !== null && claim.welcomeCode === told.welcomeCode;
    const isOnDeviceOf = (claim: Claim): boolean => claim.device !== null && claim.device === told.device;
    const claimed = claims.filter((claim) => usesCodeOf(claim) || isOnDeviceOf(claim));
    const taps = [...told.taps, ...claimed.map(({ tap }) => tap)];
    const opened = live === undefined && told.cancelledAt === null ? weigh(taps, told.at, friend) : null;
    friend.firstOrder = Math.min(friend.firstOrder, told.at);
    if (told.device !== null) friend.devices.add(told.device);
    const referral = live ?? opened;
    if (referral === null || referral === undefined) {
      if (isNew && !isPaid && told.cancelledAt === null && clock < until) parked.push({ message: told, until });
    } else if (told.cancelledAt === null) convert(referral, told);
    else if (referral.order === told.order) drop(referral, "order_cancelled");
  }
  function wake(isWoken: (one: Parked) => boolean): void {
    const woken = parked.filter(isWoken);
    parked = parked.filter((one) => !isWoken(one));
    for (const { message, until } of woken) heardOfOrder(message, until);
  }

  function settle(referral: Referral): void {
    referral.settleAt = Infinity;
    const order = orders.get(referral.order ?? "");
    if (referral.state !== "PENDING" || order === undefined) return;
    if (isAway) {
      if (clock - (referral.unreadSince ??= clock) < DAY_MS) referral.settleAt = referral.unreadSince + DAY_MS;
      else [referral.unreadSince, fuzzyUntil] = [(hold(referral, "evidence_missing"), null), clock + LOOK_AGAIN_MS];
      return;
    }
    if (order.cancelledAt !== null) return drop(referral, "order_cancelled");
    if (order.refunded === "full") return drop(referral, "order_refunded");
    if (people.get(order.owner) !== referral.friend) return end(referral, "REJECTED", "other_customer");
    if (!screen(referral, order)) return;
    const friendKind = referral.code.offer.friendIsPaidAfter ? "earned" : "welcome";
    Object.assign(referral, { state: "REWARDED", reason: null, rewards: ["1:earned", `2:${friendKind}`] });
  }
  function lookAtExpiry(referral: Referral): void {
    referral.lookAt = Infinity;
    const unpaidUntil = referral.orderAt + UNPAID_MS;
    if (!isOpen(referral)) return;
    if (referral.order === null) end(referral, "EXPIRED", "link_expired");
    else if (referral.paidAt !== null) referral.lookAt = clock + DAY_MS;
    else if (unpaidUntil > clock) referral.lookAt = unpaidUntil;
    else end(referral, "VOIDED", "order_not_paid");
  }

  function merge(from: Person, into: Person): void {
    if (from === into) return;
    const both = [from, into];
    const standing = referrals.filter((one) => isOpen(one) || one.state === "REWARDED");
    const own = standing.filter(({ friend, code }) => both.includes(friend) && both.includes(code.owner));
    for (const one of own) if (isOpen(one)) end(one, "REJECTED", "same_account"); else one.cases.add("conflict"); // prettier-ignore
    const asFriend = standing.filter(({ friend }) => both.includes(friend));
    const rewarded = asFriend.filter(({ state }) => state === "REWARDED");
    const live = asFriend.filter(isOpen).toSorted((a, b) => Number(b.order !== null) - Number(a.order !== null));
    for (const one of rewarded.length > 0 ? live : live.slice(1)) end(one, "REJECTED", "duplicate_person");
    for (const one of rewarded.slice(1)) one.cases.add("conflict");
    // Made in this order: two codes of one instant have an older one, too.
    const [older, younger] = new Set([...codes.values()].filter(({ owner, retired }) => both.includes(owner) && retired === null)); // prettier-ignore
    if (older !== undefined && younger !== undefined) {
      younger.retired = { at: clock, reason: "replaced" };
      for (const [text, code] of codes) if (code === younger) codes.set(text, older);
    }
    into.names.push(...from.names);
    into.firstOrder = Math.min(into.firstOrder, from.firstOrder);
    for (const device of from.devices) into.devices.add(device);
    for (const [who, one] of people) if (one === from) people.set(who, into);
    for (const one of referrals) if (one.friend === from) one.friend = into;
    for (const code of [...codes.values(), ...referrals.map((one) => one.code)])
      if (code.owner === from) code.owner = into;
  }

  function hear(message: Message): void {
    switch (message.kind) {
      case "customer":
        return (person(message.who), wake((one) => one.message.who === message.who));
      case "bind": {
        const friend = person(message.who);
        if (message.device !== null) friend.devices.add(message.device);
        const opened = weigh(message.taps, message.at, friend);
        if (opened !== null) screen(opened, null);
        return wake((one) => one.message.who === message.who && message.taps.length > 0);
      }
      case "order": {
        if (message.cancelledAt !== null && message.welcomeCode !== null) codeIsSpent(message.order);
        heardOfOrder(message, clock + LATE_MS);
        if (message.cancelledAt === null) return;
        return reversed(message.order);
      }
      case "refund":
        return reversed(message.order);
      case "merge":
        return merge(person(message.who), person(message.into));
      case "redact": {
        const erased = people.get(message.who);
        if (erased === undefined || !erased.names.includes(message.who)) return;
        for (const one of referrals) if (one.friend === erased) end(one, "VOIDED", "friend_erased");
        const code = activeCode(erased);
        if (code !== undefined) code.retired = { at: clock, reason: "customer_left" };
        return erased.devices.clear();
      }
      case "uninstalled":
    }
  }
  /** Shopify counts a code as used on an order that was cancelled: whether its owner is due another, a person is asked once. */
  function codeIsSpent(order: string): void {
    if (asked.has(order)) return;
    asked.add(order);
    for (const one of referrals)
      if (one.order === order && (isOpen(one) || one.state === "REWARDED")) one.cases.add("conflict");
  }
  function reversed(order: string): void {
    for (const one of referrals)
      if (one.order === order && one.state === "REWARDED") one.cases.add("refund_after_reward");
  }

  return {
    hear,
    /** Lets time pass, with all that falls due on the way. @returns until when nothing else should happen */
    pass(now: number): number {
      for (;;) {
        const due = Math.min(
          ...parked.map(({ until }) => until),
          ...referrals.flatMap(({ settleAt, lookAt, giveUpAt }) => [settleAt, lookAt, giveUpAt]),
        );
        if (due > now) break;
        clock = Math.max(clock, due);
        wake(({ until }) => until <= due);
        for (const one of referrals) if (one.giveUpAt <= due) giveUp(one); else if (one.settleAt <= due) settle(one); else if (one.lookAt <= due) lookAtExpiry(one); // prettier-ignore
      }
      clock = now;
      return fuzzyUntil;
    },
    minted(owner: Who, text: string, device: string | null): void {
      const holder = person(owner);
      if (device !== null) holder.devices.add(device);
      holder.firstOrder = Math.min(holder.firstOrder, 0);
      if (!codes.has(text)) codes.set(text, { text, owner: holder, offer, retired: null });
    },
    claimed: (claim: Claim): void => void claims.push(claim),
    offers: (next: Offer): void => void (offer = next),
    retire(owner: Who, reason: string): void {
      const code = activeCode(person(owner));
      if (code === undefined) return;
      code.retired = { at: clock, reason };
      for (const one of referrals)
        if (one.code === code && reason === "abuse") end(one, "VOIDED", "code_retired_for_abuse");
    },
    decide(verdict: "approve" | "reject"): void {
      const held = referrals.findLast(({ state }) => state === "HELD");
      if (held === undefined) return;
      if (verdict === "reject") return end(held, "REJECTED", "rejected_in_review");
      Object.assign(held, {
        state: "PENDING",
        reason: null,
        unreadSince: null,
        passed: new Set([...held.passed, ...held.fired]),
      });
      if (held.paidAt !== null) held.settleAt = Math.max(clock, held.paidAt + held.code.offer.coolingOffDays * DAY_MS);
    },
    away(isGone: boolean): void {
      isAway = isGone;
      if (isGone) return;
      for (const one of referrals) {
        if (one.giveUpAt < Infinity) screenOrder(one);
        if (one.unreadSince !== null && one.settleAt < Infinity) one.settleAt = clock;
      }
      fuzzyUntil = clock + LOOK_AGAIN_MS;
    },
    seen: (): Seen[] =>
      referrals.map(({ friend, code, order, state, reason, rewards, cases }) => ({
        friend: friend.names.toSorted(), referrer: code.owner.names.toSorted(), order, state, reason, rewards, cases: [...cases].toSorted(),
      })), // prettier-ignore
  };
}
