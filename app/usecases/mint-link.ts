import { randomBytes } from "node:crypto";
import { appendAudit } from "#app/data/audit.repo.ts";
import { activeCodeOf, claimCode } from "#app/data/codes.repo.ts";
import type { CodeRow } from "#app/data/codes.repo.ts";
import { historyOf, noteOrder } from "#app/data/people.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import { retryRaces } from "#app/data/retry.ts";
import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import { enqueueAll } from "#app/data/outbox.repo.ts";
import type { NewWork } from "#app/data/outbox.repo.ts";
import { noteSignals } from "#app/data/signals.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { currentTerms, termsOfVersion } from "#app/data/terms.repo.ts";
import { mayRefer } from "#app/domain/code/may-refer.ts";
import { codeFromBytes, codeLengthFor } from "#app/domain/code/code.ts";
import { isProfane } from "#app/domain/code/profanity.ts";
import { worthOf } from "#app/domain/reward/reward-worth.ts";
import type { RewardWorth } from "#app/domain/reward/reward-worth.ts";
import { isCampaignOpen } from "#app/domain/terms/terms.ts";
import type { Terms } from "#app/domain/terms/terms.ts";
import type { Clock } from "#app/platform/clock.ts";
import { AppError, invariant } from "#app/platform/errors.ts";
import { newId } from "#app/platform/ids.ts";
import type { Keys } from "#app/platform/keys.ts";
import { learnProfile } from "./learn-profile.ts";
import { identifyPerson } from "./identify-person.ts";
import type { CustomerAnswer, ShopifyAdmin } from "./ports.ts";
import { inviteFacts, inviteWords } from "./words/invite-words.ts";
import type { InviteOf } from "./words/invite-words.ts";

export type MintLinkDeps = {
  readonly pools: Pools;
  readonly clock: Clock;
  readonly keys: Keys;
  readonly admin: ShopifyAdmin;
  readonly ringOutbox: (shopId: string) => void;
  /** Whether a model is set up that writes the invite of a new link. */
  readonly writesInvites?: boolean;
};
export type MintLinkInput = { readonly shop: KnownShop; readonly customerId: string; readonly device: string | null };

export type MintLinkResult =
  | {
      readonly outcome: "minted" | "existing";
      readonly code: string;
      readonly link: string;
      readonly offer: { readonly referrer: string; readonly friend: string };
      /** The same two rewards for a page that has words of its own. */
      readonly worth: { readonly referrer: RewardWorth; readonly friend: RewardWorth };
      readonly invite: string;
    }
  | { readonly outcome: "refused"; readonly reason: "buy_first" | "campaign_closed" | "currency_changed" };

/** Thirty letters to the fifth are 24 million codes a shop: this many clashes in a row mean a fault, not bad luck. */
const DRAWS_MAX = 24;
const RANDOM_BYTES = 32;
const DEVICE = /^[0-9a-f-]{36}$/i;

type Asked = { readonly outcome: "ask_shopify" } | MintLinkResult;

/**
 * Gives a customer their one link: the same code on every ask, also of twenty at once, since two unique indexes decide.
 * The first ask pins the terms in force. Shopify is asked only where it decides whether there is a link.
 *
 * @param input.customerId digits, from a verified session token or a signed proxy parameter
 * @throws AppError `admin_unavailable` when it is not known whether the customer bought, and Shopify cannot be asked
 */
export async function mintLink(deps: MintLinkDeps, input: MintLinkInput): Promise<MintLinkResult> {
  const first = await attempt(deps, input, null);
  if (first.outcome !== "ask_shopify") return minted(deps, input, first);
  const answer = await deps.admin.forShop(input.shop.shopId, input.shop.domain).readCustomer(input.customerId);
  if (answer.outcome === "throttled" || answer.outcome === "unavailable") throw new AppError("admin_unavailable");
  if (answer.outcome !== "ok") return { outcome: "refused", reason: "buy_first" };
  const second = await attempt(deps, input, answer.customer);
  invariant(second.outcome !== "ask_shopify", "Shopify was asked already");
  return minted(deps, input, second);
}

/** The customer has the link, with the words that stand; their name, and better words, may come while they look at it. */
function minted(deps: MintLinkDeps, input: MintLinkInput, result: MintLinkResult): MintLinkResult {
  if (result.outcome === "minted") deps.ringOutbox(input.shop.shopId);
  return result;
}

function attempt(deps: MintLinkDeps, input: MintLinkInput, customer: CustomerAnswer | null): Promise<Asked> {
  const { shop } = input;
  return retryRaces(() =>
    inShop(deps.pools, shop.shopId, async (tx): Promise<Asked> => {
      const now = deps.clock.now();
      const hashes = {
        customerHash: shop.keyring.person("customer", input.customerId),
        emailHash: null,
        phoneHash: null,
      };
      const personId = await identifyPerson(tx, { shopId: shop.shopId, hashes, now });
      invariant(personId !== null, "a customer id identifies");
      await rememberBrowser(tx, input, personId);
      const existing = await activeCodeOf(tx, shop.shopId, personId);
      if (existing !== null) {
        const pinned = await termsOfVersion(tx, shop.shopId, existing.termsVersion);
        return linkOf(tx, deps, { shop, code: existing, terms: pinned, now }, "existing");
      }
      return mint(tx, deps, { ...input, customer, personId, now });
    }),
  );
}

type Minting = MintLinkInput & {
  readonly customer: CustomerAnswer | null;
  readonly personId: string;
  readonly now: Date;
};

async function mint(tx: Tx, deps: MintLinkDeps, args: Minting): Promise<Asked> {
  const { shop, personId, now } = args;
  const { shopId } = shop;
  const current = await currentTerms(tx, shopId);
  if (current === null) throw new AppError("shop_unknown");
  const { terms, version } = current;
  // Terms of another currency promise what the shop can no longer give: a new link waits for new terms.
  if (terms.currency !== shop.currency) return { outcome: "refused", reason: "currency_changed" };
  if (!isCampaignOpen(terms, now.getTime())) return { outcome: "refused", reason: "campaign_closed" };
  if (!(await mayReferNow(tx, args, terms)))
    return args.customer === null ? { outcome: "ask_shopify" } : { outcome: "refused", reason: "buy_first" };
  // Before the code: its insert shares the person's row, and two that share it could then neither of them write to it.
  const learned = {
    customerId: args.customerId,
    ...(args.customer === null ? {} : { firstName: args.customer.firstName, locale: args.customer.locale }),
  };
  await learnProfile(tx, { keys: deps.keys, shopId, personId, learned });
  const code = await claimNewCode(tx, { shopId, personId, termsVersion: version, now });
  if (code.outcome === "existing") {
    const pinned = await termsOfVersion(tx, shopId, code.row.termsVersion);
    return linkOf(tx, deps, { shop, code: code.row, terms: pinned, now }, "existing");
  }
  await appendAudit(tx, {
    id: newId(),
    shopId,
    at: now,
    actor: "customer",
    action: "code.minted",
    subject: code.id,
    detail: { version },
  });
  await workLater(tx, deps, args, code.id);
  return linkOf(tx, deps, { shop, code: { ...code, personId }, terms, now }, "minted");
}

/** A link waits for nobody: what it is nicer with is work of the next seconds, or of the hour when Shopify is back. */
async function workLater(tx: Tx, deps: MintLinkDeps, { shop, customer, now }: Minting, codeId: string): Promise<void> {
  const payload = { codeId };
  const works: NewWork[] = [];
  if (customer === null)
    works.push({ id: newId(), topic: "owner.meet", dedupeKey: `owner:${codeId}`, payload, nextAt: now });
  if (deps.writesInvites === true)
    works.push({ id: newId(), topic: "words.invite", dedupeKey: `words:${codeId}`, payload, nextAt: now });
  if (works.length > 0) await enqueueAll(tx, shop.shopId, works, now);
}

/** By what is known here, and by what Shopify said when it was asked; an order it told of is remembered. */
async function mayReferNow(tx: Tx, args: Minting, terms: Terms): Promise<boolean> {
  const { shop, customer, personId } = args;
  if (customer !== null && customer.numberOfOrders > 0n)
    await noteOrder(tx, shop.shopId, personId, customer.firstOrderAt ?? customer.lastOrderAt ?? customer.createdAt);
  const { firstOrderAt } = await historyOf(tx, shop.shopId, personId);
  return mayRefer({ hasBought: firstOrderAt !== null, tags: customer?.tags ?? [] }, terms) === "may_refer";
}

type Claimed =
  | { readonly outcome: "minted"; readonly code: string; readonly id: string }
  | { readonly outcome: "existing"; readonly row: CodeRow };

/**
 * Draws until a code is free. A refused insert was a clash of texts, or somebody minted for the same person first.
 *
 * @param draw a text after so many clashes, or null where the bytes give none
 */
export async function claimNewCode(
  tx: Tx,
  args: { shopId: string; personId: string; termsVersion: number; now: Date },
  draw: (clashes: number) => string | null = drawCode,
): Promise<Claimed> {
  for (let clashes = 0; clashes < DRAWS_MAX; clashes += 1) {
    const code = draw(clashes);
    if (code === null || isProfane(code)) continue;
    const id = newId();
    if (await claimCode(tx, { ...args, id, code })) return { outcome: "minted", code, id };
    const existing = await activeCodeOf(tx, args.shopId, args.personId);
    if (existing !== null) return { outcome: "existing", row: existing };
  }
  throw new Error(`no free code in ${DRAWS_MAX} draws`);
}

function drawCode(clashes: number): string | null {
  return codeFromBytes(randomBytes(RANDOM_BYTES), codeLengthFor(clashes));
}

async function rememberBrowser(tx: Tx, input: MintLinkInput, personId: string): Promise<void> {
  const { shop, device } = input;
  if (device === null || !DEVICE.test(device)) return;
  await noteSignals(tx, {
    shopId: shop.shopId,
    personId,
    signals: [{ kind: "device", hash: shop.keyring.fact("device", device) }],
  });
}

async function linkOf(
  tx: Tx,
  deps: MintLinkDeps,
  of: InviteOf,
  outcome: "minted" | "existing",
): Promise<MintLinkResult> {
  const facts = await inviteFacts(tx, deps.keys, of);
  const { text } = await inviteWords(tx, of, facts, "invite");
  const { terms } = of;
  const worth = { referrer: worthOf(terms.referrer, terms), friend: worthOf(terms.friend, terms) };
  return { outcome, code: of.code.code, link: facts.link, offer: facts.offer, worth, invite: text };
}
