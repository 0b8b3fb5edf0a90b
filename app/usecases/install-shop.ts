import { appendAudit } from "#app/data/audit.repo.ts";
import { enqueueOutbox } from "#app/data/outbox.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import { blockedRewards } from "#app/data/rewards.repo.ts";
import { endAccessToken, offlineSessionId } from "#app/data/session.repo.ts";
import type { ShopDirectory } from "#app/data/shop-directory.repo.ts";
import { wakeStandingWork } from "#app/data/standing-work.repo.ts";
import {
  addLedgerUnits,
  addShop,
  addShopAccounts,
  noteInstalled,
  readShop,
  reopenShop,
  saveScopes,
  saveShopFacts,
} from "#app/data/shops.repo.ts";
import type { ShopFactsRow } from "#app/data/shops.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { currentTerms, insertTerms } from "#app/data/terms.repo.ts";
import { SHOP_ACCOUNT_TYPES } from "#app/domain/ledger/accounts.ts";
import { exponentOf, parseCurrency } from "#app/domain/money/currency.ts";
import type { CurrencyCode } from "#app/domain/money/currency.ts";
import { COUPON_UNIT } from "#app/domain/reward/reward-value.ts";
import { defaultTerms } from "#app/domain/terms/terms.ts";
import type { Clock } from "#app/platform/clock.ts";
import { newId, shopIdFor } from "#app/platform/ids.ts";
import type { Keys } from "#app/platform/keys.ts";
import type { Logger } from "#app/platform/logger.ts";
import { newIdentityKeyWrapped } from "#app/platform/shop-keyring.ts";
import { fillWhenLow } from "#app/usecases/welcome-pool.ts";
import type { ShopFactsAnswer, ShopifyAdmin } from "#app/usecases/ports.ts";

export type InstallDeps = {
  pools: Pools;
  keys: Keys;
  clock: Clock;
  admin: ShopifyAdmin;
  shops: Pick<ShopDirectory, "forget">;
  ringer: { ring(kind: "outbox", shopId: string): void };
  logger: Logger;
};

export type InstallResult =
  | { readonly outcome: "installed" | "unchanged" | "refreshed" }
  /** The shop is known, but Shopify could not be asked about it; the back-fill will ask again. */
  | { readonly outcome: "incomplete"; readonly reason: string };

/** The accounts of a shop that belong to no person. */

type Standing = { readonly isNew: boolean; readonly isComplete: boolean; readonly hasNewScopes: boolean };

/**
 * Takes a shop in, or back in after an uninstall: its identity key, what Shopify says of it, its ledger, the first terms,
 * and the back-fill of the customers it has. May run at any time and any number of times; when nothing changed it is one
 * short transaction and no call to Shopify.
 *
 * @param input.scopes What the merchant granted, comma-separated.
 * @param input.refresh Ask Shopify for the facts again although they are known (name, domains or currency changed).
 * @param input.told A message says so, which may be late: it opens no shop that removed the app. Else a token was given.
 */
export async function installShop(
  deps: InstallDeps,
  input: { domain: string; scopes: string; refresh?: boolean; told?: boolean },
): Promise<InstallResult> {
  const domain = input.domain.toLowerCase();
  const shopId = shopIdFor(domain);
  const { scopes, told = false } = input;
  const standing = await inShop(deps.pools, shopId, (tx) => takeIn(tx, deps, { shopId, domain, scopes, told }));
  if (standing === "closed") return { outcome: "unchanged" };
  if (standing.isNew) deps.shops.forget(shopId);
  if (standing.isNew || standing.hasNewScopes) deps.ringer.ring("outbox", shopId);
  if (standing.isComplete && !standing.isNew && input.refresh !== true) return { outcome: "unchanged" };
  const completed = await completeInstall(deps, { shopId, domain });
  if (completed.outcome === "incomplete") {
    deps.logger.warn({ shopId, reason: completed.reason }, "the shop's facts could not be read at install");
    return completed;
  }
  return { outcome: standing.isNew || !standing.isComplete ? "installed" : "refreshed" };
}

/** Asks Shopify for a shop's facts and lays the ground that depends on them: units, accounts, first terms. */
export async function completeInstall(
  deps: Pick<InstallDeps, "pools" | "clock" | "admin" | "shops" | "ringer">,
  shop: { shopId: string; domain: string },
): Promise<{ readonly outcome: "complete" } | { readonly outcome: "incomplete"; readonly reason: string }> {
  const answer = await deps.admin.forShop(shop.shopId, shop.domain).shopFacts();
  if (answer.outcome !== "ok") return { outcome: "incomplete", reason: answer.outcome };
  const facts = factsRow(answer.facts);
  if (facts === null) return { outcome: "incomplete", reason: "unknown_currency" };
  const hasWork = await inShop(deps.pools, shop.shopId, (tx) => layGround(tx, shop.shopId, facts, deps.clock.now()));
  deps.shops.forget(shop.shopId);
  if (hasWork) deps.ringer.ring("outbox", shop.shopId);
  return { outcome: "complete" };
}

async function takeIn(
  tx: Tx,
  deps: Pick<InstallDeps, "keys" | "clock">,
  shop: { shopId: string; domain: string; scopes: string; told: boolean },
): Promise<Standing | "closed"> {
  const { shopId, domain, scopes } = shop;
  const known = await readShop(tx, shopId);
  const isOpen = known !== null && known.uninstalledAt === null && known.purgedAt === null;
  const isComplete = known !== null && known.currency !== null;
  if (!isOpen && shop.told) return "closed";
  const now = deps.clock.now();
  if (isOpen && !shop.told) await noteInstalled(tx, shopId, now);
  if (isOpen && known.scopes === scopes) return { isNew: false, isComplete, hasNewScopes: false };
  let isNew = false;
  if (!isOpen) {
    const row = { shopId, domain, identityKeyWrapped: newIdentityKeyWrapped(deps.keys, shopId), now };
    // Two installs at once: one of them adds or reopens the shop, the other finds it done.
    isNew = (await addShop(tx, row)) || (await reopenShop(tx, row));
  }
  await saveScopes(tx, shopId, scopes);
  if (isOpen) await useNewScopes(tx, { shopId, domain, now });
  if (isNew) {
    const id = newId();
    const dedupeKey = `backfill:${now.getTime()}`;
    await enqueueOutbox(tx, { id, shopId, topic: "shop.backfill", dedupeKey, payload: {}, nextAt: now, now });
    await wakeStandingWork(tx, { id: newId(), shopId, topic: "orders.read", payload: { deep: true }, now });
    await switchPixelOn(tx, shopId, now);
    await wakeStandingWork(tx, { id: newId(), shopId, topic: "discounts.compare", now });
    const action = known === null ? "shop.installed" : "shop.reinstalled";
    await appendAudit(tx, { id: newId(), shopId, at: now, actor: "shopify", action, subject: null });
  }
  return { isNew, isComplete, hasNewScopes: isOpen };
}

/** A token holds the scopes of its making. And what was refused for want of one may be given now. */
async function useNewScopes(tx: Tx, shop: { shopId: string; domain: string; now: Date }): Promise<void> {
  const { shopId, domain, now } = shop;
  await endAccessToken(tx, shopId, offlineSessionId(domain));
  await switchPixelOn(tx, shopId, now);
  for (const rewardId of await blockedRewards(tx, shopId)) {
    const dedupeKey = `fulfil:${rewardId}:${now.getTime()}`;
    const work = { topic: "reward.fulfil", dedupeKey, payload: { rewardId } } as const;
    await enqueueOutbox(tx, { id: newId(), shopId, ...work, nextAt: now, now });
  }
}

async function switchPixelOn(tx: Tx, shopId: string, now: Date): Promise<void> {
  const dedupeKey = `pixel:${now.getTime()}`;
  const work = { topic: "pixel.activate", dedupeKey, payload: {} } as const;
  await enqueueOutbox(tx, { id: newId(), shopId, ...work, nextAt: now, now });
}

type GroundFacts = ShopFactsRow & { readonly currency: CurrencyCode };

function factsRow(facts: ShopFactsAnswer): GroundFacts | null {
  const currency = parseCurrency(facts.currency);
  return currency === null ? null : { ...facts, currency, exponent: exponentOf(currency) };
}

/** @returns whether there is work to be done at once: the friends' codes are made before anybody asks for one */
async function layGround(tx: Tx, shopId: string, facts: GroundFacts, now: Date): Promise<boolean> {
  await saveShopFacts(tx, shopId, facts);
  const units = [
    { unit: facts.currency, exponent: facts.exponent },
    { unit: COUPON_UNIT, exponent: 0 },
  ];
  await addLedgerUnits(tx, shopId, units);
  const accounts = units.flatMap(({ unit }) => SHOP_ACCOUNT_TYPES.map((type) => ({ id: newId(), type, unit })));
  await addShopAccounts(tx, shopId, accounts);
  const current = await currentTerms(tx, shopId);
  const { version, terms } = current ?? { version: 1, terms: defaultTerms(facts.currency, facts.exponent) };
  if (current === null) await insertTerms(tx, { shopId, version, terms, now });
  return fillWhenLow(tx, { shopId, termsVersion: version, terms, now });
}
