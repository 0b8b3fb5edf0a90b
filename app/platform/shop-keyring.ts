import { createHmac, createSecretKey } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { derive } from "./keys.ts";

export type PersonKeyKind = "customer" | "email" | "phone";
export type NetworkKind = "ip" | "prefix" | "agent";
export type AddressPart = "postcode" | "number" | "street" | "name" | "whole";

const NETWORK_HASH_HEX = 32;
const MONTHS_KEPT = 4;

/** What a shop's identity key can compute: keyed hashes that mean nothing to another shop, or without the key. */
export type ShopKeyring = {
  /** Identifies a person. Input is normalised by the domain first. 64 hex digits, the same for the life of the shop. */
  person(kind: PersonKeyKind, normalised: string): string;
  /** Compares networks and agents within a month: the salt changes with the UTC month of `at`. 32 hex digits. */
  network(kind: NetworkKind, value: string, at: Date): string;
  /** Compares one part of a delivery address. 64 hex digits. */
  address(part: AddressPart, normalised: string): string;
  /** Compares e-mail addresses that differ only by a letter: one part of the skeleton at a time. 64 hex digits. */
  emailSkeleton(part: string): string;
  /** Card fingerprint of BIN, last four, expiry and brand: a signal, never proof. 64 hex digits. */
  card(parts: readonly string[]): string;
  /** 32 bytes that a reward's code is written from; n is the attempt, from 0. */
  rewardCodeMac(rewardId: string, n: number): Uint8Array;
};

/**
 * Derives a shop's hashing keys from its identity key, one key per use.
 *
 * @param identityKey 32 random bytes made at install and never changed; rotating DATA_KEY only wraps them anew, so a
 * known person keeps the same hashes.
 */
export function createShopKeyring(identityKey: Buffer): ShopKeyring {
  const personKey = keyFor(identityKey, "person");
  const addressKey = keyFor(identityKey, "address");
  const skeletonKey = keyFor(identityKey, "email-skeleton");
  const cardKey = keyFor(identityKey, "card");
  const rewardKey = keyFor(identityKey, "reward-code");
  const monthKeys = new Map<string, KeyObject>();

  function monthKey(at: Date): KeyObject {
    const month = at.toISOString().slice(0, 7);
    const known = monthKeys.get(month);
    if (known !== undefined) return known;
    if (monthKeys.size >= MONTHS_KEPT) monthKeys.clear();
    const key = keyFor(identityKey, `network:${month}`);
    monthKeys.set(month, key);
    return key;
  }

  return {
    person: (kind, normalised) => mac(personKey, `${kind}:${normalised}`),
    network: (kind, value, at) => mac(monthKey(at), `${kind}:${value}`).slice(0, NETWORK_HASH_HEX),
    address: (part, normalised) => mac(addressKey, `${part}:${normalised}`),
    emailSkeleton: (part) => mac(skeletonKey, part),
    card: (parts) => mac(cardKey, JSON.stringify(parts)),
    rewardCodeMac: (rewardId, n) => createHmac("sha256", rewardKey).update(`${rewardId}:${n}`).digest(),
  };
}

function keyFor(identityKey: Buffer, label: string): KeyObject {
  return createSecretKey(derive(identityKey, label));
}

function mac(key: KeyObject, text: string): string {
  return createHmac("sha256", key).update(text).digest("hex");
}
