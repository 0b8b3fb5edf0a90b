import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { newId, uuidToBytes } from "#app/platform/ids.ts";
import { createKeys } from "#app/platform/keys.ts";
import { openUnsubscribeToken, sealUnsubscribeToken } from "./unsubscribe-token.ts";

const keys = createKeys({ dataKey: randomBytes(32) });
const OF = { shopId: newId(), personId: newId() };

function sealedBytes(bytes: Buffer): string {
  return Buffer.concat([uuidToBytes(OF.shopId), keys.wrap("unsubscribe", OF.shopId, bytes)]).toString("base64url");
}

test("a token opens to the shop and the person that it was made for", () => {
  expect(openUnsubscribeToken(keys, sealUnsubscribeToken(keys, OF))).toEqual(OF);
});

test.each([
  ["nothing", ""],
  ["a shop alone", uuidToBytes(OF.shopId).toString("base64url")],
  ["a shop and noise", Buffer.concat([uuidToBytes(OF.shopId), randomBytes(60)]).toString("base64url")],
  ["no such text", "%%%"],
])("%s opens nothing", (_what, token) => {
  expect(openUnsubscribeToken(keys, token)).toBeNull();
});

test("a token of another shop's, another key's, or about no person opens nothing", () => {
  const bytes = Buffer.from(sealUnsubscribeToken(keys, OF), "base64url");
  const moved = Buffer.concat([uuidToBytes(newId()), bytes.subarray(16)]).toString("base64url");
  expect(openUnsubscribeToken(keys, moved)).toBeNull();
  const other = createKeys({ dataKey: randomBytes(32) });
  expect(openUnsubscribeToken(other, sealUnsubscribeToken(keys, OF))).toBeNull();
  expect(openUnsubscribeToken(keys, sealedBytes(Buffer.alloc(3)))).toBeNull();
});

test("a fault of the keys themselves is no forged token: it is thrown on", () => {
  const broken = {
    ...keys,
    unwrap: () => {
      throw new TypeError("out of memory");
    },
  };
  expect(() => openUnsubscribeToken(broken, sealUnsubscribeToken(keys, OF))).toThrow(TypeError);
});
