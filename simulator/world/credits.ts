import type { GiftCard, StoreCreditAccount, StoreCreditEntry } from "./credit-types.ts";
import { randomHex } from "./ids.ts";
import type { Shop } from "./types.ts";
import type { World } from "./world.ts";

const CODE_BYTES = 8;

/** The account of a customer; opened when there is none. */
export function creditAccountOf(world: World, shop: Shop, customerId: string): StoreCreditAccount {
  const known = [...shop.storeCreditAccounts.values()].find((account) => account.customerId === customerId);
  if (known !== undefined) return known;
  const account: StoreCreditAccount = {
    id: world.nextId("StoreCreditAccount"),
    customerId,
    currency: shop.currency,
    balanceMinor: 0n,
    entries: [],
  };
  shop.storeCreditAccounts.set(account.id, account);
  return account;
}

/** Credits an account; each call credits. */
export function creditAccount(
  world: World,
  account: StoreCreditAccount,
  terms: { amountMinor: bigint; expiresAt: Date | null },
): StoreCreditEntry {
  account.balanceMinor += terms.amountMinor;
  const entry: StoreCreditEntry = {
    id: world.nextId("StoreCreditAccountTransaction"),
    kind: "credit",
    amountMinor: terms.amountMinor,
    balanceAfterMinor: account.balanceMinor,
    createdAt: world.clock.now(),
    expiresAt: terms.expiresAt,
  };
  account.entries.push(entry);
  return entry;
}

/** Takes one credit off the books of its account, as if it had never been. @returns false when there is none */
export function removeCredit(shop: Shop, id: string): boolean {
  for (const account of shop.storeCreditAccounts.values()) {
    const at = account.entries.findIndex((entry) => entry.kind === "credit" && entry.id === id);
    const [removed] = at === -1 ? [] : account.entries.splice(at, 1);
    if (removed === undefined) continue;
    account.balanceMinor -= removed.amountMinor;
    return true;
  }
  return false;
}

/** Makes a gift card; without a code of the caller's it gets one. */
export function makeGiftCard(
  world: World,
  shop: Shop,
  card: Pick<GiftCard, "initialMinor"> & Partial<Pick<GiftCard, "code" | "customerId" | "note" | "expiresOn">>,
): GiftCard {
  const made: GiftCard = {
    id: world.nextId("GiftCard"),
    code: randomHex(CODE_BYTES),
    balanceMinor: card.initialMinor,
    customerId: null,
    note: null,
    expiresOn: null,
    deactivatedAt: null,
    createdAt: world.clock.now(),
    ...card,
  };
  shop.giftCards.set(made.id, made);
  return made;
}
