import { createHash, randomFillSync } from "node:crypto";

const RANDOM_POOL_BYTES = 4096;
const ID_RANDOM_BYTES = 10;
const COUNTER_MAX = 0xfff;
const COUNTER_START_MASK = 0x7ff;

const pool = Buffer.allocUnsafe(RANDOM_POOL_BYTES);
let poolUsedBytes = RANDOM_POOL_BYTES;
let lastMs = 0;
let counter = 0;

/**
 * Makes a UUIDv7 (RFC 9562, 6.2 method 1): 48 bits of the machine's time in ms, a counter of 12 bits, 62 random bits.
 * Ids of one process only grow: rows that were made one after the other within a millisecond keep their order.
 * The time keeps index pages warm, and tells the checks whether a shop has new rows to look at; no decision about a
 * person or about money reads it back out of an id.
 *
 * @returns The id in its lower-case text form.
 */
export function newId(): string {
  if (poolUsedBytes + ID_RANDOM_BYTES > RANDOM_POOL_BYTES) {
    randomFillSync(pool);
    poolUsedBytes = 0;
  }
  const bytes = Buffer.allocUnsafe(16);
  pool.copy(bytes, 6, poolUsedBytes, poolUsedBytes + ID_RANDOM_BYTES);
  poolUsedBytes += ID_RANDOM_BYTES;
  step(bytes.readUInt16BE(6));
  bytes.writeUIntBE(lastMs, 0, 6);
  bytes.writeUInt16BE(counter, 6);
  return stamped(bytes, 0x70);
}

/** Moves to the next place: a new millisecond starts at a random one in the lower half, so that there is room to count. */
function step(random: number): void {
  const nowMs = Date.now();
  counter += 1;
  if (nowMs <= lastMs && counter <= COUNTER_MAX) return;
  lastMs = Math.max(nowMs, lastMs + 1);
  counter = random & COUNTER_START_MASK;
}

/** The least id that `newId` can make at or after an instant of the machine's time. */
export function leastIdAt(at: Date): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(Math.max(0, at.getTime()), 0, 6);
  return uuidFromBytes(bytes);
}

/**
 * Derives a shop's id from its myshopify domain, so that a door can name the shop without looking it up
 * (UUIDv8, RFC 9562: the first 128 bits of a SHA-256 with version and variant set).
 *
 * @param domain `{shop}.myshopify.com`, in any case.
 * @returns The shop's id; the same domain always gives the same id.
 */
export function shopIdFor(domain: string): string {
  const digest = createHash("sha256").update(`goodword:shop:${domain.toLowerCase()}`).digest();
  return stamped(digest.subarray(0, 16), 0x80);
}

function stamped(bytes: Buffer, version: number): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | version;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return uuidFromBytes(bytes);
}

/** Prints 16 bytes as a UUID. */
export function uuidFromBytes(bytes: Buffer): string {
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

/** Reads the 16 bytes of a UUID; the caller has checked its form. */
export function uuidToBytes(id: string): Buffer {
  return Buffer.from(id.replaceAll("-", ""), "hex");
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Says whether the text is a UUID in its lower-case form. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
