import { wakeParked } from "#app/data/inbox.repo.ts";
import { addPeople, standingOfKeys } from "#app/data/people-of-many.repo.ts";
import { ownersOfEach } from "#app/data/plain-orders.repo.ts";
import { openReferralsOf } from "#app/data/referrals.repo.ts";
import { assertWon, retryRaces } from "#app/data/retry.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import type { CustomerFacts } from "#app/domain/event/customer-facts.ts";
import { plainCustomers } from "#app/domain/event/plain-customer.ts";
import { personKeysOf } from "#app/domain/event/plain-order.ts";
import { invariant } from "#app/platform/errors.ts";
import { newId } from "#app/platform/ids.ts";
import type { Profile } from "#app/platform/sealed-profile.ts";
import { keysOf } from "./identify-person.ts";
import { DONE, wakeKeyOf } from "./inbox-event.ts";
import type { EventDeps, EventVerdict, InboxEvent } from "./inbox-event.ts";
import { learnProfiles, profileOfFacts, profilesOf } from "./learn-profile.ts";

/** Events that tell the same keys of one customer, in the order in which they came. */
type Told = readonly InboxEvent<CustomerFacts>[];
type Known = { readonly personId: string; readonly told: Told };

/**
 * Works at once on the sign-ups and changes of a batch that tell nothing but who a customer is: remembers them as
 * `recordCustomer` would one by one. An event is taken only when its keys lead to one person, or to nobody yet; every other
 * one is left for a unit of work of its own.
 *
 * @param events of one shop, in the order in which they were received
 * @returns what becomes of the rows that were taken, by their ids
 */
export async function recordPlainCustomers(
  deps: Pick<EventDeps, "pools" | "clock" | "keys" | "shops" | "ringInbox">,
  shopId: string,
  events: readonly InboxEvent[],
): Promise<ReadonlyMap<string, EventVerdict>> {
  const customers = plainCustomers(events);
  if (customers.length < 2 || (await deps.shops.byId(shopId)) === null) return new Map();
  const others = events.filter(({ facts }) => facts.kind !== "customer");
  const { taken, woken } = await retryRaces(() =>
    inShop(deps.pools, shopId, (tx) => remember(tx, deps, shopId, { customers, others })),
  );
  if (woken > 0) deps.ringInbox(shopId);
  return new Map(taken.flat().map(({ id }) => [id, DONE]));
}

async function remember(
  tx: Tx,
  deps: Pick<EventDeps, "clock" | "keys">,
  shopId: string,
  batch: { readonly customers: readonly Told[]; readonly others: readonly InboxEvent[] },
): Promise<{ taken: readonly Told[]; woken: number }> {
  const now = deps.clock.now();
  const { newcomers, known } = await standingsOf(tx, shopId, batch);
  const people = newcomers.map((told) => ({ personId: newId(), keys: keysOf(factsOf(told).person) }));
  const added = await addPeople(tx, shopId, people, now);
  assertWon(added === people.flatMap(({ keys }) => keys).length, "a customer's key was taken meanwhile");
  await learn(tx, deps, shopId, known);
  const taken = [...newcomers, ...known.map(({ told }) => told)];
  const hashes = taken.map((told) => factsOf(told).person.customerHash).filter((hash) => hash !== null);
  return { taken, woken: await wakeParked(tx, shopId, hashes.map(wakeKeyOf), now) };
}

/**
 * Asks the database who is new and who is known. Whoever another event of the batch is about is left to their turn, unless it
 * is one order: a customer's event makes an order look again that waits, which may then know of a second one.
 */
async function standingsOf(
  tx: Tx,
  shopId: string,
  { customers, others }: { customers: readonly Told[]; others: readonly InboxEvent[] },
): Promise<{ newcomers: Told[]; known: Known[] }> {
  const standings = await standingOfKeys(
    tx,
    shopId,
    customers.map((told) => keysOf(factsOf(told).person)),
  );
  const namesOfEach = await ownersOfEach(
    tx,
    shopId,
    others.map(({ facts }) => personKeysOf(facts)),
  );
  const about = new Map<string, Set<string>>();
  for (const [n, { id, facts }] of others.entries()) {
    const subject = facts.kind === "order" ? facts.orderId : id;
    const people = namesOfEach[n];
    invariant(people !== undefined, "each event asked about has its people");
    for (const name of [...personKeysOf(facts), ...people])
      about.set(name, (about.get(name) ?? new Set()).add(subject));
  }
  const isBusy = (names: readonly string[]): boolean => names.some((name) => (about.get(name)?.size ?? 0) > 1);
  const newcomers: Told[] = [];
  const known = new Map<string, Known[]>();
  for (const [n, told] of customers.entries()) {
    const standing = standings[n];
    invariant(standing !== undefined, "each customer asked about stands somehow");
    const keys = personKeysOf(factsOf(told));
    if (standing.standing === "unknown" && !isBusy(keys)) newcomers.push(told);
    if (standing.standing !== "known" || isBusy([...keys, standing.personId])) continue;
    const { personId } = standing;
    known.set(personId, [...(known.get(personId) ?? []), { personId, told }]);
  }
  // Two accounts of one person tell of different names and addresses: which is kept depends on who comes first.
  return { newcomers, known: [...known.values()].filter(({ length }) => length === 1).flat() };
}

/** Keeps what is needed for a note, of those who take part in a referral. */
async function learn(
  tx: Tx,
  { keys }: Pick<EventDeps, "keys">,
  shopId: string,
  known: readonly Known[],
): Promise<void> {
  if (known.length === 0) return;
  const personIds = known.map(({ personId }) => personId);
  const friends = await openReferralsOf(tx, shopId, personIds);
  const profiles = await profilesOf(tx, { keys, shopId, personIds });
  const learned = new Map<string, Partial<Profile>>();
  for (const { personId, told } of known) {
    const customerId = profiles.get(personId)?.customerId ?? null;
    const all: Partial<Profile>[] = told.map(({ facts }) => profileOfFacts(keys, shopId, facts.person));
    const news = all.reduce((before, later) => ({ ...before, ...later }));
    if (friends.has(personId)) learned.set(personId, news);
    // Whoever owns a link goes by their new name and address. Their rewards stay with the account that asked for the link.
    else if (customerId !== null) learned.set(personId, { ...news, customerId });
  }
  await learnProfiles(tx, { keys, shopId, learned });
}

function factsOf([first]: Told): CustomerFacts {
  invariant(first !== undefined, "a customer is told of by an event");
  return first.facts;
}
