import { hash } from "node:crypto";
import type { KeyObject } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { factsText } from "#app/data/inbox-door.repo.ts";
import type { DeliveryRow, UnreadableFacts } from "#app/data/inbox-door.repo.ts";
import type { KnownShop, ShopDirectory } from "#app/data/shop-directory.repo.ts";
import type { InboxFacts } from "#app/domain/event/inbox-facts.ts";
import type { Clock } from "#app/platform/clock.ts";
import { invariant } from "#app/platform/errors.ts";
import { newId } from "#app/platform/ids.ts";
import type { Keys } from "#app/platform/keys.ts";
import type { Logger } from "#app/platform/logger.ts";
import type { Metrics } from "#app/platform/metrics.ts";
import { answerErrors, sendError } from "./answer.ts";
import { isPoison } from "./commits.ts";
import { within } from "./deadline.ts";
import { extractFacts, isWantedTopic } from "./extract/extract-facts.ts";
import { readBody } from "./extract/read-body.ts";
import type { GroupCommit } from "./group-commit.ts";
import { readWhole } from "./read-whole.ts";
import { isGenuineBody, readDeliveryHeaders } from "./verify-webhook.ts";
import type { DeliveryHeaders } from "./verify-webhook.ts";

/** Shopify gives up after 5 s: half of that for the shop and the commit each leaves the answer to us. */
const SHOP_BUDGET_MS = 1_500;
const STORE_BUDGET_MS = 2_500;
const WEBHOOK_BODY_BYTES_MAX = 1_000_000;
const NO_BODY = ["content-length", "0"];

export type WebhookDeps = {
  readonly shops: Pick<ShopDirectory, "byDomain" | "remembered">;
  readonly keys: Keys;
  readonly secrets: readonly KeyObject[];
  readonly deliveries: GroupCommit<DeliveryRow>;
  readonly ringer: { ring(kind: "inbox", shopId: string): void };
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
};

type Answer = "stored" | "dead" | "dropped" | "shop_unknown" | "foreign_shop" | "bad_hmac" | "not_stored";

/**
 * The door for everything that Shopify tells us: `POST /webhooks`, every topic. It verifies, takes out the few facts that
 * are needed, stores them, answers. 200 means that the row is committed (or was before); 503 that Shopify should send it
 * again; a 4xx that no retry of these bytes can help.
 *
 * A delivery is taken before Fastify would parse it: its parsers, validation and serialisers have nothing to do here, and
 * cost as much as the signature.
 */
export function registerWebhooks(app: FastifyInstance, deps: WebhookDeps): void {
  void app.register(async (scope) => {
    answerErrors(scope, deps.logger);
    scope.addHook("onRequest", (request, reply, fail) => void take(deps, request, reply, fail));
    // A delivery that was answered 503 for being late may still be on its way to be stored.
    scope.addHook("onClose", () => deps.deliveries.drained());
    scope.all("/webhooks", () => invariant(false, "a delivery is answered before it is handled"));
  });
}

/** Answers a delivery, or hands on why it could not. What its headers rule out is refused before a byte of the body. */
function take(deps: WebhookDeps, request: FastifyRequest, reply: FastifyReply, fail: (error: Error) => void): unknown {
  if (request.method !== "POST") return sendError(reply.header("allow", "POST"), "method_not_allowed");
  const encoding = request.headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity") return sendError(reply, "compressed_body");
  const delivery = readDeliveryHeaders(request.headers);
  if (delivery.outcome === "missing_header") return sendError(reply, "missing_header");
  const { headers } = delivery;
  const answered = (answer: Answer): void => sendAnswer(deps, headers.topic, answer, reply);
  readWhole(request.raw, WEBHOOK_BODY_BYTES_MAX, (body) => {
    if (body === null) sendError(reply.header("connection", "close"), "body_too_large");
    else received(deps, headers, body).then(answered).catch(fail);
  });
  return undefined;
}

function sendAnswer(deps: WebhookDeps, topic: string, answer: Answer, reply: FastifyReply): void {
  deps.metrics.webhooks.inc({ topic: isWantedTopic(topic) ? topic : "other", outcome: answer });
  if (answer === "bad_hmac" || answer === "not_stored") sendError(reply, answer);
  else reply.hijack().raw.writeHead(200, NO_BODY).end();
}

/** What becomes of a delivery. No function that waits for the commit holds the body: thousands of them may be waiting. */
function received(deps: WebhookDeps, headers: DeliveryHeaders, body: Buffer): Promise<Answer> {
  return new Promise((resolve) => {
    resolve(receive(deps, headers, body));
  });
}

function receive(deps: WebhookDeps, headers: DeliveryHeaders, body: Buffer): Answer | Promise<Answer> {
  if (!isGenuineBody(body, headers.hmac, deps.secrets)) return "bad_hmac";
  if (!isWantedTopic(headers.topic)) return "dropped";
  const shop = deps.shops.remembered(headers.shopDomain);
  return shop === undefined ? acceptOnceKnown(deps, headers, body) : accept(deps, shop, headers, body);
}

async function acceptOnceKnown(deps: WebhookDeps, headers: DeliveryHeaders, body: Buffer): Promise<Answer> {
  const shop = await within(deps.shops.byDomain(headers.shopDomain), SHOP_BUDGET_MS);
  if (shop.outcome === "failed")
    deps.logger.warn({ err: shop.error, topic: headers.topic }, "the shop of a delivery cannot be read");
  return shop.outcome === "done" ? accept(deps, shop.value, headers, body) : "not_stored";
}

function accept(
  deps: WebhookDeps,
  shop: KnownShop | null,
  headers: DeliveryHeaders,
  body: Buffer,
): Answer | Promise<Answer> {
  // Removed and erased between sending and receiving: there is nobody to do anything for.
  if (shop === null) return "shop_unknown";
  const row = rowOf(deps, shop, headers, body);
  return row === "dropped" || row === "foreign_shop" ? row : store(deps, row, body.length);
}

/** The row that a genuine body becomes: work, or a dead letter when it cannot be read. */
function rowOf(
  deps: WebhookDeps,
  shop: KnownShop,
  headers: DeliveryHeaders,
  body: Buffer,
): DeliveryRow | "dropped" | "foreign_shop" {
  const receivedAt = deps.clock.now();
  const rowWith = (state: DeliveryRow["state"], facts: InboxFacts | UnreadableFacts): DeliveryRow => ({
    shopId: shop.shopId,
    id: newId(),
    topic: headers.topic,
    webhookId: headers.webhookId,
    eventId: headers.eventId,
    bodySha256: hash("sha256", body, "hex"),
    facts: factsText(facts),
    state,
    receivedAt,
  });
  const read = readBody(body);
  if (read.outcome === "unreadable") return rowWith("dead", unreadable(read.reason, body.length, read.errorOffset));
  const context = { topic: headers.topic, shop, keys: deps.keys, happenedAt: headers.triggeredAt ?? receivedAt };
  const extracted = extractFacts(read.json, context);
  switch (extracted.outcome) {
    case "facts":
      return rowWith("new", extracted.facts);
    case "wrong_shape":
      return rowWith("dead", unreadable("wrong_shape", body.length, null));
    case "nothing":
      return "dropped";
    case "foreign_shop":
      deps.logger.warn({ shopId: shop.shopId, topic: headers.topic }, "a body came under the name of another shop");
      return "foreign_shop";
  }
}

async function store(deps: WebhookDeps, row: DeliveryRow, bodyBytes: number): Promise<Answer> {
  const stored = await within(deps.deliveries.submit(row), STORE_BUDGET_MS);
  if (stored.outcome === "done") {
    if (row.state === "dead") {
      deps.logger.warn(
        { shopId: row.shopId, topic: row.topic, rowId: row.id, bodyBytes },
        "a genuine delivery cannot be read",
      );
      return "dead";
    }
    deps.ringer.ring("inbox", row.shopId);
    return "stored";
  }
  if (stored.outcome === "failed") {
    deps.logger.warn({ err: stored.error, topic: row.topic }, "a delivery was not stored");
    // Sent again, the same values would be refused again: what is known of it is kept as a dead letter.
    const isWorthKeeping = isPoison(stored.error) && row.state === "new";
    const facts = factsText(unreadable("not_storable", bodyBytes, null));
    if (isWorthKeeping) return store(deps, { ...row, state: "dead", facts }, bodyBytes);
  }
  return "not_stored";
}

function unreadable(reason: UnreadableFacts["reason"], bodyBytes: number, errorOffset: number | null): UnreadableFacts {
  return { kind: "unreadable", reason, bodyBytes, errorOffset };
}
