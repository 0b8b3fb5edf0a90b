import { randomHex } from "../../world/ids.ts";
import { exponentOf, parseMinor, printMinor } from "../../world/money.ts";
import { makeGiftCard } from "../../world/credits.ts";
import type { GiftCard } from "../../world/credit-types.ts";
import { note } from "../../world/world.ts";
import type { Call, View } from "../call.ts";
import { connection, type PageArgs } from "../connection.ts";
import { searchFilter } from "../search.ts";
import { giftCardView } from "../views/gift-card.ts";
import { idOf } from "./ids.ts";
import { refused, userError, type UserError } from "./user-errors.ts";

type CreateInput = {
  readonly initialAmount?: { readonly amount: string | number; readonly currencyCode: string } | null;
  readonly initialValue?: string | number | null;
  readonly code?: string | null;
  readonly customerId?: string | null;
  readonly expiresOn?: string | null;
  readonly note?: string | null;
};

const CODE_LENGTH_MIN = 8;
const CODE_LENGTH_MAX = 20;
const VALUE_MAX_MAJOR = 3_000n;

/** `giftCard` and `giftCards`. */
export function giftCardQueries(call: Call): View {
  const { giftCards } = call.shop;
  return {
    giftCard: ({ id }: { id: string }) => {
      const card = giftCards.get(idOf(id, "GiftCard"));
      return card ? giftCardView(call, card) : null;
    },
    giftCards: (args: PageArgs & { query?: string | null }) => {
      const passes =
        wholeCodeFilter(args.query) ??
        searchFilter<GiftCard>(args.query, {
          id: (card) => Number(card.id),
          created_at: (card) => card.createdAt,
          customer_id: (card) => card.customerId,
          status: (card) => (card.deactivatedAt === null ? "enabled" : "disabled"),
        });
      return connection([...giftCards.values()].filter(passes), args, {
        key: (card) => card.id,
        view: (card) => giftCardView(call, card),
      });
    },
  };
}

/** A search for one bare word finds the gift card of that code. */
function wholeCodeFilter(query: string | null | undefined): ((card: GiftCard) => boolean) | null {
  const word = query?.trim().toLowerCase() ?? "";
  return /^[a-z0-9]+$/.test(word) ? (card) => card.code === word : null;
}

/** `giftCardCreate`: a code that is taken is refused, which makes an own code the key against paying twice. */
export function giftCardMutations(call: Call): View {
  return { giftCardCreate: ({ input }: { input: CreateInput }) => create(call, input) };
}

function create(call: Call, input: CreateInput): View {
  const { shop, world } = call;
  const code = (input.code ?? randomHex(8)).toLowerCase();
  const amountMinor = parseMinor(String(input.initialAmount?.amount ?? input.initialValue ?? ""), shop.currency);
  const problem = problemOf(call, input, { code, amountMinor });
  if (problem !== null || amountMinor === null) {
    const missing = userError(["input", "initialAmount"], "MISSING_ARGUMENT", "Initial amount can't be blank");
    return { ...refused("giftCard", problem ?? missing), giftCardCode: null };
  }
  const card = makeGiftCard(world, shop, {
    code,
    initialMinor: amountMinor,
    customerId: input.customerId == null ? null : idOf(input.customerId, "Customer"),
    note: input.note ?? null,
    expiresOn: input.expiresOn ?? null,
  });
  note(world, shop, "The app created a gift card");
  return { giftCard: giftCardView(call, card), giftCardCode: card.code, userErrors: [] };
}

function problemOf(
  call: Call,
  input: CreateInput,
  { code, amountMinor }: { code: string; amountMinor: bigint | null },
): UserError | null {
  const { shop } = call;
  const field = ["input", "code"];
  if (code.length < CODE_LENGTH_MIN)
    return userError(field, "TOO_SHORT", `Code is too short (minimum is ${CODE_LENGTH_MIN} characters)`);
  if (code.length > CODE_LENGTH_MAX)
    return userError(field, "TOO_LONG", `Code is too long (maximum is ${CODE_LENGTH_MAX} characters)`);
  if (!/^[a-z0-9]+$/.test(code))
    return userError(field, "INVALID", "Code can only contain letters(a-z) and numbers(0-9)");
  if ([...shop.giftCards.values()].some((card) => card.code === code))
    return userError(field, null, "Code has already been taken");
  if (input.customerId != null && !shop.customers.has(idOf(input.customerId, "Customer"))) {
    return userError(["input", "customerId"], "CUSTOMER_NOT_FOUND", "The customer could not be found.");
  }
  if (amountMinor === null) return null;
  if (amountMinor <= 0n) return userError(["input", "initialAmount"], "GREATER_THAN", "must be greater than 0");
  const limitMinor = VALUE_MAX_MAJOR * 10n ** BigInt(exponentOf(shop.currency));
  if (amountMinor <= limitMinor) return null;
  const limit = `${printMinor(limitMinor, shop.currency)} ${shop.currency}`;
  return userError(["input", "initialAmount"], "GIFT_CARD_LIMIT_EXCEEDED", `can't exceed ${limit}`);
}
