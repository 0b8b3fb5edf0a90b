import { activeCodeOf } from "#app/data/codes.repo.ts";
import { canonicalOf, ownersOfKeys, personExists } from "#app/data/people.repo.ts";
import type { PersonKey } from "#app/data/people.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { currentTerms } from "#app/data/terms.repo.ts";
import type { PostalAddress } from "#app/domain/person/address.ts";
import { normaliseEmail } from "#app/domain/person/email.ts";
import { normalisePhone } from "#app/domain/person/phone.ts";
import { everyRule } from "#app/domain/screen/every-rule.ts";
import type { RuleSaid } from "#app/domain/screen/every-rule.ts";
import { featuresOf } from "#app/domain/screen/features-of.ts";
import type { ScreenFeatures } from "#app/domain/screen/features.ts";
import type { ScreenDecision } from "#app/domain/screen/screen.ts";
import type { Clock } from "#app/platform/clock.ts";
import { invariant } from "#app/platform/errors.ts";
import type { Keys } from "#app/platform/keys.ts";
import { newId } from "#app/platform/ids.ts";
import type { ShopKeyring } from "#app/platform/shop-keyring.ts";
import { gather, NO_ORDER_EVIDENCE } from "./gather-facts.ts";
import { profileOf } from "./learn-profile.ts";

/** Somebody as a merchant picks them (`personId`), or types them; what is left out is not known. */
export type TriedPerson = {
  readonly personId?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly customerId?: string;
  readonly address?: PostalAddress;
};

export type TryResult =
  | {
      readonly outcome: "tried";
      readonly decision: ScreenDecision;
      /** Every rule, the quiet ones too. */
      readonly rules: readonly RuleSaid[];
      readonly features: ScreenFeatures;
      /** Whom the shop knows of the two; null for somebody new. */
      readonly referrerPerson: string | null;
      readonly friendPerson: string | null;
    }
  | { readonly outcome: "not_found"; readonly who: "referrer" | "friend" }
  /** Nothing was picked or typed that a person could be known by. */
  | { readonly outcome: "nobody"; readonly who: "referrer" | "friend" };

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

type TryDeps = { readonly pools: Pools; readonly clock: Clock; readonly keys: Keys };
type Found = { readonly personId: string | null; readonly typed: readonly PersonKey[]; readonly email: string | null };

/**
 * Says what the screen would make of two people by the terms in force, as if one had just signed up through the other's link:
 * the verdict, and what every rule has to say. Reads only; nothing typed is kept.
 */
export async function tryTwoPeople(
  deps: TryDeps,
  input: { readonly shop: KnownShop; readonly referrer: TriedPerson; readonly friend: TriedPerson },
): Promise<TryResult> {
  const { shop } = input;
  return inShop(deps.pools, shop.shopId, async (tx): Promise<TryResult> => {
    const referrer = await find(tx, deps, shop, input.referrer);
    if (typeof referrer === "string") return { outcome: referrer, who: "referrer" };
    const friend = await find(tx, deps, shop, input.friend);
    if (typeof friend === "string") return { outcome: friend, who: "friend" };
    const current = await currentTerms(tx, shop.shopId);
    invariant(current, "the install makes the first terms");
    const [facts] = await gather(tx, shop.shopId, [
      {
        terms: current.terms,
        order: NO_ORDER_EVIDENCE,
        seen: { referrer: seenOf(referrer, input.referrer), friend: seenOf(friend, input.friend) },
        referralId: null,
        // A person nobody knows has no history; an id that nobody has finds none.
        referrerPerson: referrer.personId ?? newId(),
        friendPerson: friend.personId ?? newId(),
        codeId:
          referrer.personId === null ? null : ((await activeCodeOf(tx, shop.shopId, referrer.personId))?.id ?? null),
        click: null,
        claimedClickId: null,
        openedAt: deps.clock.now(),
        orderAt: null,
        broughtAt: deps.clock.now().getTime(),
      },
    ]);
    invariant(facts !== undefined, "two people who are asked about have their facts");
    const features = featuresOf({
      ...facts,
      friend: { ...facts.friend, traces: withTyped(facts.friend.traces, friend) },
      referrer: { ...facts.referrer, traces: withTyped(facts.referrer.traces, referrer) },
    });
    const people = { referrerPerson: referrer.personId, friendPerson: friend.personId };
    return { outcome: "tried", ...everyRule(features, current.terms.screen), features, ...people };
  });
}

async function find(
  tx: Tx,
  deps: TryDeps,
  shop: KnownShop,
  tried: TriedPerson,
): Promise<Found | "not_found" | "nobody"> {
  const { shopId } = shop;
  if (tried.personId !== undefined) {
    if (!UUID.test(tried.personId) || !(await personExists(tx, shopId, tried.personId))) return "not_found";
    const personId = await canonicalOf(tx, shopId, tried.personId);
    const { email } = await profileOf(tx, { keys: deps.keys, shopId, personId });
    return { personId, typed: [], email };
  }
  const typed = typedKeys(tried, shop.keyring);
  if (typed.length === 0) return "nobody";
  const owners = await ownersOfKeys(tx, shopId, typed);
  const owner =
    owners.find(({ kind }) => kind === "customer") ?? owners.find(({ kind }) => kind === "email") ?? owners[0];
  return { personId: owner?.personId ?? null, typed, email: null };
}

function typedKeys({ email, phone, customerId }: TriedPerson, keyring: ShopKeyring): PersonKey[] {
  const normalised = [
    ["email", email === undefined ? null : normaliseEmail(email)],
    ["phone", phone === undefined ? null : normalisePhone(phone)],
    ["customer", customerId !== undefined && /^\d{1,20}$/.test(customerId) ? customerId : null],
  ] as const;
  return normalised.flatMap(([kind, value]) => (value === null ? [] : [{ kind, hash: keyring.person(kind, value) }]));
}

function seenOf(found: Found, tried: TriedPerson) {
  const emails = [found.email, tried.email ?? null].filter((email) => email !== null);
  return { emails, addresses: tried.address === undefined ? [] : [tried.address] };
}

function withTyped(traces: ReadonlyMap<string, ReadonlySet<string>>, { typed }: Found): Map<string, Set<string>> {
  const all = new Map([...traces].map(([kind, hashes]) => [kind, new Set(hashes)]));
  for (const { kind, hash } of typed) all.set(kind, (all.get(kind) ?? new Set<string>()).add(hash));
  return all;
}
