import { createCipheriv, createDecipheriv, createHash, createSecretKey, hkdfSync, randomBytes } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { AppError } from "./errors.ts";

const FORMAT = 1;
const KEY_BYTES = 32;
const KEY_ID_BYTES = 4;
const NONCE_BYTES = 12;
const NONCES_DRAWN = 256;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + KEY_ID_BYTES + NONCE_BYTES;
/** A click token spends two bytes on its key id; they only choose among the keys at hand, the signature decides. */
const CLICK_KEY_ID_HEX = 4;

export type Keys = {
  /** Seals bytes for one purpose and shop; only the same purpose and shop can open them. */
  wrap(purpose: string, shopId: string, plain: Buffer): Buffer;
  /** Opens what `wrap` made, under the current or the previous DATA_KEY. Throws AppError `sealed_unreadable`. */
  unwrap(purpose: string, shopId: string, sealed: Buffer): Buffer;
  /** Whether bytes are still sealed under another key than the current one. */
  rewrapNeeded(sealed: Buffer): boolean;
  /** Seals again under the current key; what is inside does not change. */
  rewrap(purpose: string, shopId: string, sealed: Buffer): Buffer;
  /** The key id that new click tokens carry, 4 hex digits. */
  readonly clickTokenKeyId: string;
  /** The key of a click token, or null for an id that is not known (any more). */
  clickTokenKey(keyId: string): KeyObject | null;
};

type Root = { id: Buffer; material: Buffer; clickKey: KeyObject; wrapKeys: Map<string, KeyObject> };

/**
 * Derives every key of the app from DATA_KEY, one per purpose (HKDF-SHA256), and seals with AES-256-GCM under a random
 * 96-bit nonce. Format: version, key id, nonce, ciphertext, tag; purpose and shop are authenticated with it, so sealed
 * bytes moved to another row or column do not open.
 *
 * @param options.dataKey 32 bytes; seals and opens.
 * @param options.dataKeyOld The one before, during a rotation; opens only. Keep it until everything is sealed again and
 * the last click token made under it has run out (45 days).
 */
export function createKeys(options: { dataKey: Buffer; dataKeyOld?: Buffer | null | undefined }): Keys {
  const current = rootOf(options.dataKey);
  const roots = options.dataKeyOld ? [current, rootOf(options.dataKeyOld)] : [current];

  function unwrap(purpose: string, shopId: string, sealed: Buffer): Buffer {
    const root = roots.find((known) => known.id.equals(keyIdOf(sealed)));
    if (root === undefined || sealed[0] !== FORMAT) throw new AppError("sealed_unreadable");
    return openSealed(wrapKeyOf(root, purpose), aadOf(purpose, shopId), sealed);
  }

  function wrap(purpose: string, shopId: string, plain: Buffer): Buffer {
    return seal(wrapKeyOf(current, purpose), aadOf(purpose, shopId), current.id, plain);
  }

  return {
    wrap,
    unwrap,
    rewrapNeeded: (sealed) => !keyIdOf(sealed).equals(current.id),
    rewrap: (purpose, shopId, sealed) => wrap(purpose, shopId, unwrap(purpose, shopId, sealed)),
    clickTokenKeyId: clickKeyIdOf(current),
    clickTokenKey: (keyId) => roots.find((root) => clickKeyIdOf(root) === keyId)?.clickKey ?? null,
  };
}

/**
 * Seals bytes under one key: used by `Keys` and for a person's own key.
 *
 * @param keyId 4 bytes that say which key it was.
 */
export function seal(key: KeyObject, aad: Buffer, keyId: Buffer, plain: Buffer): Buffer {
  const sealed = Buffer.allocUnsafe(HEADER_BYTES + plain.length + TAG_BYTES);
  const nonce = nextNonce();
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(aad);
  sealed[0] = FORMAT;
  sealed.set(keyId, 1);
  sealed.set(nonce, 1 + KEY_ID_BYTES);
  sealed.set(cipher.update(plain), HEADER_BYTES);
  // A counter mode pads nothing: what is left for the end is the tag alone.
  cipher.final();
  sealed.set(cipher.getAuthTag(), HEADER_BYTES + plain.length);
  return sealed;
}

let nonces = Buffer.alloc(0);

/** Twelve fresh random bytes; drawn in bulk, since asking for a few costs as much as asking for many. */
function nextNonce(): Buffer {
  if (nonces.length === 0) nonces = randomBytes(NONCE_BYTES * NONCES_DRAWN);
  const nonce = nonces.subarray(0, NONCE_BYTES);
  nonces = nonces.subarray(NONCE_BYTES);
  return nonce;
}

/** Opens what `seal` made. Throws AppError `sealed_unreadable` when a byte, the key or the AAD differs. */
export function openSealed(key: KeyObject, aad: Buffer, sealed: Buffer): Buffer {
  if (sealed.length < HEADER_BYTES + TAG_BYTES) throw new AppError("sealed_unreadable");
  const nonce = sealed.subarray(1 + KEY_ID_BYTES, HEADER_BYTES);
  const decipher = createDecipheriv("aes-256-gcm", key, nonce).setAAD(aad);
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(HEADER_BYTES, sealed.length - TAG_BYTES)), decipher.final()]);
  } catch (error) {
    throw new AppError("sealed_unreadable", { cause: error });
  }
}

/** Ties sealed bytes to their purpose and shop; the lengths keep two neighbours from running together. */
export function aadOf(purpose: string, shopId: string): Buffer {
  return Buffer.from(`${purpose.length}:${purpose}:${shopId}`);
}

function keyIdOf(sealed: Buffer): Buffer {
  return sealed.subarray(1, 1 + KEY_ID_BYTES);
}

function rootOf(material: Buffer): Root {
  const id = createHash("sha256").update(derive(material, "key-id")).digest().subarray(0, KEY_ID_BYTES);
  return { id, material, clickKey: createSecretKey(derive(material, "click-token")), wrapKeys: new Map() };
}

function clickKeyIdOf(root: Root): string {
  return root.id.toString("hex").slice(0, CLICK_KEY_ID_HEX);
}

function wrapKeyOf(root: Root, purpose: string): KeyObject {
  const known = root.wrapKeys.get(purpose);
  if (known !== undefined) return known;
  const key = createSecretKey(derive(root.material, `wrap:${purpose}`));
  root.wrapKeys.set(purpose, key);
  return key;
}

/** HKDF-SHA256 to 32 bytes; the label is the purpose, so no two uses share a key. */
export function derive(material: Buffer, label: string): Buffer {
  return Buffer.from(hkdfSync("sha256", material, "goodword", label, KEY_BYTES));
}
