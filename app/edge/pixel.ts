import { hash } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { factsText } from "#app/data/inbox-door.repo.ts";
import type { DeliveryRow } from "#app/data/inbox-door.repo.ts";
import type { KnownShop, ShopDirectory } from "#app/data/shop-directory.repo.ts";
import { openClickToken } from "#app/platform/click-token.ts";
import type { PixelFacts } from "#app/domain/event/pixel-facts.ts";
import type { Clock } from "#app/platform/clock.ts";
import { newId } from "#app/platform/ids.ts";
import type { Keys } from "#app/platform/keys.ts";
import type { Logger } from "#app/platform/logger.ts";
import type { Metrics } from "#app/platform/metrics.ts";
import { answerErrors, sendError } from "./answer.ts";
import { within } from "./deadline.ts";
import { idAt, isObject, listAt, textAt } from "./extract/fields.ts";
import { readBody } from "./extract/read-body.ts";
import type { GroupCommit } from "./group-commit.ts";
import { pickTokens, readDevice } from "./tokens.ts";

const PIXEL_BODY_BYTES_MAX = 8_192;
const LOOKUP_BUDGET_MS = 1_000;
const STORE_BUDGET_MS = 2_000;
const CANDIDATES_MAX = 20;
const SHOP = /^[a-z0-9][a-z0-9-]{0,99}\.myshopify\.com$/;
const CHECKOUT_TOKEN = /^[A-Za-z0-9_-]{8,128}$/;

export type PixelDeps = {
  readonly shops: Pick<ShopDirectory, "byDomain">;
  readonly keys: Keys;
  readonly deliveries: GroupCommit<DeliveryRow>;
  readonly ringer: { ring(kind: "inbox", shopId: string): void };
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
};

type SeenCheckout = Omit<PixelFacts, "kind" | "checkoutTokenHash" | "at"> & {
  readonly shop: string;
  readonly checkoutToken: string;
};

/**
 * The door for the web pixel: `POST /api/pixel`. It is open to anybody, so it takes only what carries a token that we
 * made for that shop, believes nothing else, and answers 204 whether or not the shop is known.
 */
export function registerPixel(app: FastifyInstance, deps: PixelDeps): void {
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: PIXEL_BODY_BYTES_MAX }, (_request, body, done) => {
      done(null, body);
    });
    answerErrors(scope, deps.logger);
    // The pixel runs in a sandbox without an origin of its own; no cookie or answer of ours is worth protecting from it.
    scope.addHook("onRequest", async (_request, reply) => {
      reply.header("access-control-allow-origin", "*").header("cache-control", "no-store");
    });
    scope.options("/api/pixel", async (_request, reply) =>
      reply
        .code(204)
        .header("access-control-allow-methods", "POST")
        .header("access-control-allow-headers", "content-type")
        .header("access-control-max-age", "86400")
        .send(),
    );
    scope.post("/api/pixel", { bodyLimit: PIXEL_BODY_BYTES_MAX }, async (request, reply) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const seen = readCheckout(body);
      const answer = seen === null ? "bad_request" : await take(deps, seen, body);
      deps.metrics.pixels.inc({ outcome: answer });
      return answer === "bad_request" || answer === "not_stored" ? sendError(reply, answer) : reply.code(204).send();
    });
  });
}

async function take(deps: PixelDeps, seen: SeenCheckout, body: Buffer): Promise<"stored" | "ignored" | "not_stored"> {
  const shop = await within(deps.shops.byDomain(seen.shop), LOOKUP_BUDGET_MS);
  if (shop.outcome !== "done") return "not_stored";
  if (shop.value === null || !shop.value.installed) return "ignored";
  const tokens = seen.tokens.filter((token) => isTokenOf(deps.keys, shop.value, token));
  if (tokens.length === 0) return "ignored";
  const stored = await within(
    deps.deliveries.submit(rowOf(deps, shop.value, { ...seen, tokens }, body)),
    STORE_BUDGET_MS,
  );
  if (stored.outcome === "failed") deps.logger.warn({ err: stored.error }, "a pixel event was not stored");
  if (stored.outcome !== "done") return "not_stored";
  deps.ringer.ring("inbox", shop.value.shopId);
  return "stored";
}

function rowOf(deps: PixelDeps, shop: KnownShop, seen: SeenCheckout, body: Buffer): DeliveryRow {
  const receivedAt = deps.clock.now();
  const bodySha256 = hash("sha256", body, "hex");
  return {
    shopId: shop.shopId,
    id: newId(),
    topic: "goodword/pixel",
    // The same event twice is one row; a later event of the checkout that knows more is another.
    webhookId: `pixel:${bodySha256}`,
    eventId: null,
    bodySha256,
    facts: factsText({
      kind: "pixel",
      checkoutTokenHash: shop.keyring.fact("checkout", seen.checkoutToken),
      orderId: seen.orderId,
      tokens: seen.tokens,
      device: seen.device,
      at: receivedAt.getTime(),
    }),
    state: "new",
    receivedAt,
  };
}

function isTokenOf(keys: Keys, shop: KnownShop | null, token: string): boolean {
  const opened = openClickToken(keys, token);
  return opened.outcome === "genuine" && opened.facts.shopId === shop?.shopId;
}

/** `{shop, checkoutToken, orderId?, tokens, device}`; null for anything that is not that. */
function readCheckout(body: Buffer): SeenCheckout | null {
  const read = readBody(body);
  if (read.outcome === "unreadable" || !isObject(read.json)) return null;
  const shop = textAt(read.json, "shop")?.toLowerCase() ?? "";
  const checkoutToken = textAt(read.json, "checkoutToken") ?? "";
  if (!SHOP.test(shop) || !CHECKOUT_TOKEN.test(checkoutToken)) return null;
  return {
    shop,
    checkoutToken,
    orderId: idAt(read.json, "orderId"),
    tokens: pickTokens(listAt(read.json, "tokens", CANDIDATES_MAX)),
    device: readDevice(read.json["device"]),
  };
}
