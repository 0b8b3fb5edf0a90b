import { createHmac, randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createMac } from "./mac.ts";

test("createMac is HMAC-SHA256, whatever key and text", () => {
  const texts = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: "binary", minLength: 1_300, maxLength: 5_000 }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.array(texts, { maxLength: 4 }), (key, several) => {
      const mac = createMac(Buffer.from(key));
      // One after the other: what an earlier text left behind must not show.
      for (const text of several) expect(mac(text)).toBe(createHmac("sha256", key).update(text).digest("hex"));
    }),
  );
});

test("createMac refuses a key that HMAC would have to hash first", () => {
  expect(() => createMac(randomBytes(65))).toThrow(RangeError);
});
