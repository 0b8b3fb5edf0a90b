import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Simulator } from "../context.ts";
import { creditAccount, creditAccountOf, makeGiftCard, removeCredit } from "../world/credits.ts";
import { note, requireShop, WorldError } from "../world/world.ts";
import { read, readAmount } from "./input.ts";

const Card = z.object({ shop: z.string(), amount: z.string() });
const Credit = Card.extend({ customerId: z.string() });
const Named = z.object({ shop: z.string(), id: z.string() });

/** `/_control/gift-cards` and `/_control/store-credits`: what staff do to them by hand. Ids are those of `/_control/witness`. */
export function registerCreditControl(server: FastifyInstance, { world }: Simulator): void {
  server.post("/_control/gift-cards", (request) => {
    const { shop: domain, amount } = read(Card, request.body);
    const shop = requireShop(world, domain);
    const { id } = makeGiftCard(world, shop, { initialMinor: readAmount(shop, amount) });
    note(world, shop, "A gift card was made by hand");
    return { id };
  });

  server.post("/_control/gift-cards/switch-off", (request) => {
    const { shop: domain, id } = read(Named, request.body);
    const shop = requireShop(world, domain);
    const card = shop.giftCards.get(id);
    if (card === undefined) throw new WorldError(`${domain} has no gift card ${id}.`, 404);
    card.deactivatedAt = world.clock.now();
    note(world, shop, "A gift card was switched off by hand");
    return { id };
  });

  server.post("/_control/store-credits", (request) => {
    const { shop: domain, amount, customerId } = read(Credit, request.body);
    const shop = requireShop(world, domain);
    const account = creditAccountOf(world, shop, customerId);
    const { id } = creditAccount(world, account, { amountMinor: readAmount(shop, amount), expiresAt: null });
    note(world, shop, "A customer's store credit was raised by hand");
    return { id };
  });

  server.post("/_control/store-credits/remove", (request) => {
    const { shop: domain, id } = read(Named, request.body);
    const shop = requireShop(world, domain);
    if (!removeCredit(shop, id)) throw new WorldError(`${domain} has no credit ${id}.`, 404);
    note(world, shop, "A customer's store credit went away");
    return { id };
  });
}
