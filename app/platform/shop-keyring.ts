import { createHmac, createSecretKey, randomBytes } from "node:crypto";
import { createMac } from "./mac.ts";
import type { Mac } from "./mac.ts";
import { derive } from "./keys.ts";
import type { Keys } from "./keys.ts";

export type PersonKeyKind = "customer" | "email" | "phone";
export type NetworkKind = "ip" | "prefix" | "agent";
export type AddressPart = "postcode" | "number" | "street" | "name" | "unit" | "whole";

const NETWORK_HASH_HEX = 32;
const MONTHS_KEPT = 4;
const IDENTITY_KEY_BYTES = 32;
const IDENTITY_KEY_PURPOSE = "identity-key";

/** What a shop's identity key can compute: keyed hashes that mean nothing to another shop, or without the key. */
export type ShopKeyring = {
  /** Identifies a person. Input is normalised by the domain first. 64 hex digits, the same for the life of the shop. */
  person(kind: PersonKeyKind, normalised: string): string;
  /** Compares networks and agents within a month: the salt changes with the UTC month of `at`. 32 hex digits. */
  network(kind: NetworkKind, value: string, at: Date): string;
  /** Compares one part of a delivery address. 64 hex digits. */
  address(part: AddressPart, normalised: string): string;
  /** Compares something else that is unique by itself, such as a checkout token. 64 hex digits. */
  fact(label: string, value: string): string;
  /** Card fingerprint of BIN, last four, expiry and brand: a signal, never proof. 64 hex digits. */
  card(parts: readonly string[]): string;
  /** 32 bytes that a reward's code is written from; n is the attempt, from 0. */
  rewardCodeMac(rewardId: string, n: number): Uint8Array;
  /** 32 bytes that a welcome code is written from. */
  welcomeCodeMac(poolId: string): Uint8Array;
};

/**
 * Derives a shop's hashing keys from its identity key, one key per use.
 *
 * @param identityKey 32 random bytes made at install and never changed; rotating DATA_KEY only wraps them anew, so a
 * known person keeps the same hashes.
 */
export function createShopKeyring(identityKey: Buffer): ShopKeyring {
  const personMac = macFor(identityKey, "person");
  const addressMac = macFor(identityKey, "address");
  const factMac = macFor(identityKey, "fact");
  const cardMac = macFor(identityKey, "card");
  const rewardKey = createSecretKey(derive(identityKey, "reward-code"));
  const welcomeKey = createSecretKey(derive(identityKey, "welcome-code"));
  const monthMacs = new Map<number, Mac>();

  function monthMac(at: Date): Mac {
    const month = at.getUTCFullYear() * 12 + at.getUTCMonth();
    const known = monthMacs.get(month);
    if (known !== undefined) return known;
    if (monthMacs.size >= MONTHS_KEPT) monthMacs.clear();
    const mac = macFor(identityKey, `network:${at.toISOString().slice(0, 7)}`);
    monthMacs.set(month, mac);
    return mac;
  }

  return {
    person: (kind, normalised) => personMac(`${kind}:${normalised}`),
    network: (kind, value, at) => monthMac(at)(`${kind}:${value}`).slice(0, NETWORK_HASH_HEX),
    address: (part, normalised) => addressMac(`${part}:${normalised}`),
    fact: (label, value) => factMac(`${label}:${value}`),
    card: (parts) => cardMac(JSON.stringify(parts)),
    rewardCodeMac: (rewardId, n) => createHmac("sha256", rewardKey).update(`${rewardId}:${n}`).digest(),
    welcomeCodeMac: (poolId) => createHmac("sha256", welcomeKey).update(poolId).digest(),
  };
}

/** Draws the identity key of a shop that is installed for the first time, sealed for `shops.identity_key_wrapped`. */
export function newIdentityKeyWrapped(keys: Keys, shopId: string): Buffer {
  return keys.wrap(IDENTITY_KEY_PURPOSE, shopId, randomBytes(IDENTITY_KEY_BYTES));
}

/** Opens what `newIdentityKeyWrapped` sealed. Throws AppError `sealed_unreadable`. */
export function openShopKeyring(keys: Keys, shopId: string, identityKeyWrapped: Buffer): ShopKeyring {
  return createShopKeyring(keys.unwrap(IDENTITY_KEY_PURPOSE, shopId, identityKeyWrapped));
}

/** Seals a shop's identity key under the current DATA_KEY; the key itself, and so every hash, stays. */
export function rewrapIdentityKey(keys: Keys, shopId: string, identityKeyWrapped: Buffer): Buffer {
  return keys.rewrap(IDENTITY_KEY_PURPOSE, shopId, identityKeyWrapped);
}

function macFor(identityKey: Buffer, label: string): Mac {
  return createMac(derive(identityKey, label));
}
