import fastify from "fastify";
import { createSecretKey } from "node:crypto";
import { expect, test } from "vitest";
import type { KnownCode } from "#app/data/code-directory.repo.ts";
import { createLogger } from "#app/platform/logger.ts";
import { API_SECRET, buildKnownShop, tapQuery } from "#test/builders/door.ts";
import { registerQr } from "./qr.ts";

const SHOP = buildKnownShop();
const CODE: Pick<KnownCode, "codeId" | "code"> = { codeId: "c", code: "7QK2A" };

function door() {
  const app = fastify();
  registerQr(app, {
    shops: { byDomain: (domain) => Promise.resolve(domain === SHOP.domain ? SHOP : null) },
    codes: { resolve: (_shopId, text) => Promise.resolve(text === CODE.code ? (CODE as KnownCode) : null) }, // only the text is read
    secrets: [createSecretKey(Buffer.from(API_SECRET))],
    logger: createLogger({ LOG_LEVEL: "silent" }),
  });
  return app;
}

test("a known code is drawn as SVG, and as a PNG that a camera can read", async () => {
  const query = tapQuery({ shop: SHOP.domain });
  const svg = await door().inject({ url: `/proxy/qr/7qk2a.svg?${query}` });
  expect(svg.statusCode).toBe(200);
  expect(svg.headers["content-type"]).toContain("image/svg+xml");
  expect(svg.body).toMatch(/^<svg[^>]*viewBox/);
  const png = await door().inject({ url: `/proxy/qr/7QK2A.png?${query}` });
  expect(png.rawPayload.subarray(1, 4).toString()).toBe("PNG");
});

test("an unknown code, a strange file and a bad signature are refused in JSON", async () => {
  const query = tapQuery({ shop: SHOP.domain });
  for (const file of ["ZZZZZ.svg", "7QK2A.gif", "..%2f..%2fetc.svg"]) {
    const answer = await door().inject({ url: `/proxy/qr/${file}?${query}` });
    expect(answer.statusCode, file).toBe(404);
    expect(answer.json()).toMatchObject({ error: { code: "not_found" } });
  }
  const forged = await door().inject({ url: `/proxy/qr/7QK2A.svg?${query}0` });
  expect(forged.statusCode).toBe(400);
});
