import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { newId } from "./ids.ts";
import { createKeys } from "./keys.ts";
import { openPersonProfile, openProfile, sealPersonProfile, sealProfile } from "./sealed-profile.ts";
import { newIdentityKeyWrapped, openShopKeyring, rewrapIdentityKey } from "./shop-keyring.ts";

const DATA_KEY = Buffer.alloc(32, 1);
const NEXT_DATA_KEY = Buffer.alloc(32, 2);
const SHOP = newId();
const PLAIN = Buffer.from("a secret");

test("what was wrapped opens for its purpose and shop, and for no other", () => {
  const keys = createKeys({ dataKey: DATA_KEY });
  const sealed = keys.wrap("session", SHOP, PLAIN);
  expect(sealed.includes(PLAIN)).toBe(false);
  expect(keys.unwrap("session", SHOP, sealed)).toEqual(PLAIN);
  expect(() => keys.unwrap("profile", SHOP, sealed)).toThrow("cannot be opened");
  expect(() => keys.unwrap("session", newId(), sealed)).toThrow("cannot be opened");
});

test("what was wrapped twice looks different each time", () => {
  const keys = createKeys({ dataKey: DATA_KEY });
  expect(keys.wrap("session", SHOP, PLAIN).equals(keys.wrap("session", SHOP, PLAIN))).toBe(false);
});

test("what was wrapped opens no more when a single bit differs, or bytes are missing", () => {
  const keys = createKeys({ dataKey: DATA_KEY });
  const sealed = keys.wrap("session", SHOP, PLAIN);
  for (let place = 0; place < sealed.length; place += 1) {
    const changed = Buffer.from(sealed);
    changed[place] = (changed[place] ?? 0) ^ 1;
    expect(() => keys.unwrap("session", SHOP, changed), String(place)).toThrow("cannot be opened");
    expect(() => keys.unwrap("session", SHOP, sealed.subarray(0, place)), String(place)).toThrow("cannot be opened");
  }
});

test("a rotation opens what the key before sealed, seals it anew, and then needs that key no more", () => {
  const before = createKeys({ dataKey: DATA_KEY });
  const sealed = before.wrap("session", SHOP, PLAIN);
  const during = createKeys({ dataKey: NEXT_DATA_KEY, dataKeyOld: DATA_KEY });
  expect(during.unwrap("session", SHOP, sealed)).toEqual(PLAIN);
  expect(during.rewrapNeeded(sealed)).toBe(true);
  const anew = during.rewrap("session", SHOP, sealed);
  const after = createKeys({ dataKey: NEXT_DATA_KEY });
  expect([during.rewrapNeeded(anew), after.unwrap("session", SHOP, anew)]).toEqual([false, PLAIN]);
  expect(() => after.unwrap("session", SHOP, sealed)).toThrow("cannot be opened");
});

test("a known person is the same person after DATA_KEY was rotated", () => {
  const before = createKeys({ dataKey: DATA_KEY });
  const wrapped = newIdentityKeyWrapped(before, SHOP);
  const mara = openShopKeyring(before, SHOP, wrapped).person("email", "mara@example.com");
  const rewrapped = rewrapIdentityKey(createKeys({ dataKey: NEXT_DATA_KEY, dataKeyOld: DATA_KEY }), SHOP, wrapped);
  const after = openShopKeyring(createKeys({ dataKey: NEXT_DATA_KEY }), SHOP, rewrapped);
  expect(after.person("email", "mara@example.com")).toBe(mara);
});

test("a profile opens for its shop, before and after its key was wrapped anew", () => {
  const keys = createKeys({ dataKey: DATA_KEY });
  const profile = { firstName: "Mara", email: "mara@example.com", phone: null, locale: "en-GB" };
  expect(openProfile(keys, SHOP, sealProfile(keys, SHOP, profile))).toEqual(profile);
  expect(() => openProfile(keys, newId(), sealProfile(keys, SHOP, profile))).toThrow("cannot be opened");

  const sealed = sealPersonProfile(keys, SHOP, profile);
  const during = createKeys({ dataKey: NEXT_DATA_KEY, dataKeyOld: DATA_KEY });
  const anew = { ...sealed, profileKeyWrapped: during.rewrap("person-key", SHOP, sealed.profileKeyWrapped) };
  expect(openPersonProfile(createKeys({ dataKey: NEXT_DATA_KEY }), SHOP, anew)).toEqual(profile);
  expect(() =>
    openPersonProfile(keys, SHOP, {
      ...sealed,
      profileKeyWrapped: sealPersonProfile(keys, SHOP, profile).profileKeyWrapped,
    }),
  ).toThrow("cannot be opened");
});

test("keys of two installations have nothing in common", () => {
  const [one, other] = [createKeys({ dataKey: randomBytes(32) }), createKeys({ dataKey: randomBytes(32) })];
  expect(() => other.unwrap("session", SHOP, one.wrap("session", SHOP, PLAIN))).toThrow("cannot be opened");
  expect(other.clickTokenKey(one.clickTokenKeyId)).toBeNull();
});
