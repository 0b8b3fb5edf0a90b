import type { ShopAdmin } from "#app/usecases/ports.ts";
import { gidOf } from "./ids.ts";
import { giftCardCreateOperation, giftCardLookOperation } from "./operations/gift-cards.graphql.ts";
import { storeCreditLookOperation, storeCreditOperation } from "./operations/store-credit.graphql.ts";
import type { AdminTransport } from "./transport.ts";

type ShopRef = { readonly shopId: string; readonly domain: string };
type CreditCalls = Pick<ShopAdmin, "giveStoreCredit" | "findStoreCredit" | "createGiftCard" | "findGiftCard">;

const CODE_END = 4;
const DAY_LENGTH = "2026-11-20".length;

/** Store credit and gift cards of one shop. */
export function creditCalls(transport: AdminTransport, shop: ShopRef): CreditCalls {
  return {
    async giveStoreCredit({ customerId, amount, currency, expiresAt }) {
      const credit = {
        creditAmount: { amount, currencyCode: currency },
        expiresAt: expiresAt.toISOString(),
        notify: false,
      };
      const variables = { id: gidOf("Customer", customerId), credit };
      const answer = await transport.change(shop, storeCreditOperation, variables);
      if (answer.outcome !== "ok") return answer;
      const given = answer.data.storeCreditAccountCredit;
      if (given?.storeCreditAccountTransaction)
        return { outcome: "ok", transactionId: given.storeCreditAccountTransaction.id };
      return { outcome: "refused", code: given?.userErrors[0]?.code ?? "UNKNOWN" };
    },
    async findStoreCredit({ customerId, currency, expiresAt }) {
      const at = expiresAt.toISOString();
      const variables = { id: gidOf("Customer", customerId), which: `expires_at:>='${at}' expires_at:<='${at}'` };
      const answer = await transport.read(shop, storeCreditLookOperation, variables);
      if (answer.outcome !== "ok") return answer;
      const accounts = answer.data.customer?.storeCreditAccounts.nodes ?? [];
      const found = accounts
        .flatMap((account) => account.transactions.nodes)
        .find((node) => node.expiresAt?.getTime() === expiresAt.getTime() && node.amount?.currencyCode === currency);
      return found?.id === undefined ? { outcome: "not_found" } : { outcome: "found", transactionId: found.id };
    },
    async createGiftCard({ code, amount, currency, expiresAt, note }) {
      const card = {
        initialAmount: { amount, currencyCode: currency },
        code,
        expiresOn: expiresAt.toISOString().slice(0, DAY_LENGTH),
        note,
      };
      const answer = await transport.change(shop, giftCardCreateOperation, { card });
      if (answer.outcome !== "ok") return answer;
      const created = answer.data.giftCardCreate;
      if (created?.giftCard) return { outcome: "ok", cardId: created.giftCard.id };
      const errors = created?.userErrors ?? [];
      // A code that exists comes back without an error code, only with this text (seen on recorded answers).
      const isTaken = errors.some(
        (error) =>
          error.field?.at(-1) === "code" && (error.code === "TAKEN" || /already been taken/i.test(error.message)),
      );
      return isTaken ? { outcome: "taken" } : { outcome: "refused", code: errors[0]?.code ?? "UNKNOWN" };
    },
    async findGiftCard(code) {
      const answer = await transport.read(shop, giftCardLookOperation, { code });
      if (answer.outcome !== "ok") return answer;
      const end = code.slice(-CODE_END).toLowerCase();
      const found = answer.data.giftCards.nodes.find((node) => node.lastCharacters.toLowerCase() === end);
      return found === undefined ? { outcome: "not_found" } : { outcome: "found", cardId: found.id, note: found.note };
    },
  };
}
