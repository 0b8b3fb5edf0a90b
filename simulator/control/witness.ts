import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Simulator } from "../context.ts";
import { valueText } from "../world/discounts.ts";
import { printMinor } from "../world/money.ts";
import type { Discount, Shop } from "../world/types.ts";
import { requireShop } from "../world/world.ts";
import { read } from "./input.ts";

const Query = z.object({ shop: z.string().optional() });
const SmsBody = z.object({ to: z.string(), text: z.string() });

/** `/_control/witness`: what the outside world saw; `/_control/feed`: what just happened; `/_sinks/sms`: takes text messages. */
export function registerWitness(server: FastifyInstance, { world, dispatcher }: Simulator): void {
  server.get("/_control/witness", (request) => {
    const { shop: domain } = read(Query, request.query);
    const shops = domain === undefined ? [...world.shops.values()] : [requireShop(world, domain)];
    const domains = new Set(shops.map((shop) => shop.domain));
    return {
      discounts: shops.flatMap((shop) =>
        [...shop.discounts.values()].map((discount) => discountAnswer(shop, discount)),
      ),
      storeCredits: shops.flatMap(storeCredits),
      giftCards: shops.flatMap((shop) =>
        [...shop.giftCards.values()].map((card) => ({
          id: card.id,
          code: card.code,
          amount: printMinor(card.initialMinor, shop.currency),
          customerId: card.customerId,
        })),
      ),
      mails: world.mails.map(({ to, subject, text, html, at }) => ({ to, subject, text, html, at: at.toISOString() })),
      sms: world.sms.map(({ to, text }) => ({ to, text })),
      modelCalls: world.modelCalls,
      pixel: world.pixelSightings
        .filter(({ shop }) => domains.has(shop))
        .map((seen) => ({ ...seen, at: seen.at.toISOString() })),
      flow: world.flowTriggers
        .filter(({ shop }) => domains.has(shop))
        .map((told) => ({ ...told, at: told.at.toISOString() })),
      deliveries: dispatcher.deliveries
        .filter((delivery) => domains.has(delivery.shop))
        .map(({ shop, topic, id, eventId, attempts, status, lastStatus }) => ({
          shop,
          topic,
          id,
          eventId,
          attempts,
          status,
          lastStatus,
        })),
    };
  });

  server.get("/_control/feed", () => world.feed.map(({ at, shop, text }) => ({ at: at.toISOString(), shop, text })));

  server.post("/_sinks/sms", async (request, reply) => {
    world.sms.push({ ...read(SmsBody, request.body), at: world.clock.now() });
    return reply.code(204).send();
  });
}

function discountAnswer(shop: Shop, discount: Discount) {
  return {
    id: discount.id,
    title: discount.title,
    value: valueText(shop, discount.value),
    usageLimit: discount.usageLimit,
    endsAt: discount.endsAt?.toISOString() ?? null,
    codes: [...discount.codes.values()].map(({ code, uses }) => ({ code, uses })),
  };
}

function storeCredits(shop: Shop) {
  return [...shop.storeCreditAccounts.values()].flatMap((account) =>
    account.entries
      .filter((entry) => entry.kind === "credit")
      .map((entry) => ({
        id: entry.id,
        customerId: account.customerId,
        amount: printMinor(entry.amountMinor, shop.currency),
        at: entry.createdAt.toISOString(),
        expiresAt: entry.expiresAt?.toISOString() ?? null,
      })),
  );
}
