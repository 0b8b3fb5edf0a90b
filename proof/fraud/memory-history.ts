import { ONE_PERSON_RULE_IDS } from "#app/domain/screen/rule-ids.ts";
import type { Happening } from "#app/domain/screen/busiest.ts";
import type { ScreenHistory, Traces } from "#app/domain/screen/facts.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const HOPS_MAX = 4;
const LAST_ORDERS = 5;

type Referred = {
  readonly id: string;
  readonly code: string;
  readonly referrer: string;
  readonly friend: string;
  readonly openedAt: number;
  state: "OPEN" | "REWARDED" | "VOID";
  isRefunded: boolean;
  reason: string | null;
};
type Noted = { readonly person: string; expiresAt: number | null };

/** What a history is asked about; the same as the database is asked, times in epoch milliseconds. */
export type MemoryAsked = {
  readonly referralId: string;
  readonly friend: string;
  readonly referrer: string;
  readonly code: string;
  readonly openedAt: number;
  readonly clickedAt: number;
  readonly claimedClickId: string | null;
  readonly signalsAt: number;
};

/**
 * A shop's own history in memory, for populations that are too large to put through a database a thousand times. It answers
 * what `screen-history.sql` answers; a test puts one population through both and compares them answer by answer.
 */
export function createMemoryHistory() {
  const signals = new Map<string, Noted[]>();
  const traces = new Map<string, Map<string, Map<string, Noted>>>();
  const ofFriend = new Map<string, Referred[]>();
  const ofReferrer = new Map<string, Referred[]>();
  const ofCode = new Map<string, Referred[]>();
  const byId = new Map<string, Referred>();
  const taps = new Map<string, Happening[]>();
  const claims = new Map<string, { at: number; email: string }[]>();
  const claimOfClick = new Map<string, number>();

  function noteSignal(person: string, kind: string, hash: string, expiresAt: number | null = null): void {
    const kinds = traces.get(person) ?? new Map<string, Map<string, Noted>>();
    traces.set(person, kinds);
    const hashes = kinds.get(kind) ?? new Map<string, Noted>();
    kinds.set(kind, hashes);
    const known = hashes.get(hash);
    if (known !== undefined) {
      if (known.expiresAt !== null && expiresAt !== null) known.expiresAt = Math.max(known.expiresAt, expiresAt);
      return;
    }
    const noted = { person, expiresAt };
    hashes.set(hash, noted);
    push(signals, `${kind}:${hash}`, noted);
  }

  function open(referral: Omit<Referred, "state" | "isRefunded" | "reason">): void {
    const opened: Referred = { ...referral, state: "OPEN", isRefunded: false, reason: null };
    byId.set(opened.id, opened);
    push(ofFriend, opened.friend, opened);
    push(ofReferrer, opened.referrer, opened);
    push(ofCode, opened.code, opened);
  }

  function tracesOf(person: string, at: number): Traces {
    const known = [...(traces.get(person) ?? [])].map(([kind, hashes]): [string, Set<string>] => [
      kind,
      new Set([...hashes].filter(([, noted]) => isLive(noted, at)).map(([hash]) => hash)),
    ]);
    return new Map(known.filter(([, hashes]) => hashes.size > 0));
  }

  /** People who share a trace of a kind with somebody, themselves among them; null when they have none of it. */
  function alike(person: string, kind: string, at: number): Set<string> | null {
    const hashes = tracesOf(person, at).get(kind);
    if (hashes === undefined) return null;
    return new Set(
      [...hashes].flatMap((hash) =>
        (signals.get(`${kind}:${hash}`) ?? []).filter((one) => isLive(one, at)).map((one) => one.person),
      ),
    );
  }

  function signUps(asked: MemoryAsked, kind: string): Happening[] | null {
    const people = alike(asked.friend, kind, asked.signalsAt);
    if (people === null) return null;
    return [...people].flatMap((person) => (ofFriend.get(person) ?? []).filter(near(asked.openedAt)).map(asSignUp));
  }

  function household({ friend, referrer, openedAt, signalsAt }: MemoryAsked): number {
    const [cards, addresses] = [alike(friend, "card", signalsAt), alike(friend, "address", signalsAt)];
    const others = [...(cards ?? [])].filter(
      (person) => addresses?.has(person) === true && person !== friend && person !== referrer,
    );
    return others.filter((person) => (ofFriend.get(person) ?? []).some((referral) => referral.openedAt < openedAt))
      .length;
  }

  function others({ friend, referrer, signalsAt }: MemoryAsked, kinds: readonly string[]): string[] {
    const alikeToo = kinds.flatMap((kind) => [...(alike(referrer, kind, signalsAt) ?? [])]);
    return [...new Set(alikeToo)].filter((person) => person !== friend && person !== referrer);
  }

  function peopleAlike(asked: MemoryAsked): number {
    const people = others(asked, ["card", "device", "address"]);
    return people.filter((person) => ofFriend.has(person) || ofReferrer.has(person)).length;
  }

  function peopleStopped(asked: MemoryAsked): number {
    const isStopped = ({ reason }: Referred): boolean => ONE_PERSON_RULE_IDS.some((id) => id === reason);
    return others(asked, ["card", "device"]).filter((person) => ofFriend.get(person)?.some(isStopped) === true).length;
  }

  function ringHops({ friend, referrer }: MemoryAsked): number | null {
    let person = referrer;
    for (let hops = 1; hops <= HOPS_MAX; hops += 1) {
      const above = (ofFriend.get(person) ?? []).find(({ state }) => state !== "VOID");
      if (above === undefined) return null;
      person = above.referrer;
      if (person === friend) return hops;
    }
    return null;
  }

  function refunded(referrer: string): number {
    const rewarded = (ofReferrer.get(referrer) ?? []).filter(({ state }) => state === "REWARDED");
    const lastFive = rewarded.toSorted((left, right) => right.openedAt - left.openedAt).slice(0, LAST_ORDERS);
    return lastFive.filter(({ isRefunded }) => isRefunded).length;
  }

  function claimed({ claimedClickId, code }: MemoryAsked): ScreenHistory["claims"] {
    const at = claimedClickId === null ? undefined : claimOfClick.get(claimedClickId);
    if (at === undefined) return null;
    const others = (claims.get(code) ?? []).filter((one) => Math.abs(one.at - at) < DAY_MS);
    return { at, others: others.map((one) => ({ at: one.at, key: one.email })) };
  }

  function read(asked: MemoryAsked): Omit<ScreenHistory, "boughtBefore"> {
    const { friend, code, clickedAt, openedAt, referralId } = asked;
    return {
      otherReferral: (ofFriend.get(friend) ?? []).some(({ id, state }) => id !== referralId && state !== "VOID"),
      householdFriends: household(asked),
      peopleStopped: peopleStopped(asked),
      peopleAlike: peopleAlike(asked),
      taps: (taps.get(code) ?? [])
        .filter(({ at }) => Math.abs(at - clickedAt) < HOUR_MS)
        .map(({ at, key }) => ({ at: at - (at % MINUTE_MS), key })),
      signUpsOnCode: (ofCode.get(code) ?? []).filter(near(openedAt)).map(asSignUp),
      signUpsOnDevice: signUps(asked, "device"),
      signUpsOnNetwork: signUps(asked, "network"),
      claims: claimed(asked),
      refundedOfLastFive: refunded(asked.referrer),
      ringHops: ringHops(asked),
      blockListed: null,
    };
  }

  return {
    noteSignal,
    tracesOf,
    open,
    read,
    settle: (id: string, state: "REWARDED" | "VOID", reason: string | null = null) =>
      void Object.assign(byId.get(id) ?? {}, { state, reason }),
    refund: (id: string) => void Object.assign(byId.get(id) ?? {}, { isRefunded: true }),
    tap: (code: string, at: number, network: string) => push(taps, code, { at, key: network }),
    claim(code: string, clickId: string | null, at: number, email: string): void {
      push(claims, code, { at, email });
      if (clickId !== null) claimOfClick.set(clickId, at);
    },
  };
}

export type MemoryHistory = ReturnType<typeof createMemoryHistory>;

function push<Item>(lists: Map<string, Item[]>, key: string, item: Item): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

function isLive(noted: Noted, at: number): boolean {
  return noted.expiresAt === null || noted.expiresAt > at;
}

function near(openedAt: number): (referral: Referred) => boolean {
  return (referral) => Math.abs(referral.openedAt - openedAt) < DAY_MS;
}

function asSignUp({ openedAt, friend }: Referred): Happening {
  return { at: openedAt, key: friend };
}
