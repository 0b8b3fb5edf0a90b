import type { ChangeTrouble, CodeProblem, DiscountParentDraft, ReadTrouble, ShopAdmin } from "#app/usecases/ports.ts";
import { assertNever, invariant } from "#app/platform/errors.ts";
import {
  CODES_PER_CALL_MAX,
  CODES_PER_SEARCH_MAX,
  codeByTextOperation,
  discountBasicCreateOperation,
  discountFreeShippingCreateOperation,
  redeemCodesAddOperation,
  redeemCodeIdsOperation,
  redeemCodesDeleteOperation,
  redeemCodesPollOperation,
  redeemCodesResultsOperation,
} from "./operations/discounts.graphql.ts";
import { gidOf } from "./ids.ts";
import type { UserErrors } from "./operations/discounts.graphql.ts";
import type { AdminTransport } from "./transport.ts";

type ShopRef = { readonly shopId: string; readonly domain: string };
type DiscountCalls = Pick<
  ShopAdmin,
  "findCode" | "createDiscountParent" | "addCodes" | "pollCodes" | "codeResults" | "codesUnder" | "withdrawCodes"
>;

const BASIS_POINTS_PER_WHOLE = 10_000;

/** The discount calls of one shop. */
export function discountCalls(transport: AdminTransport, shop: ShopRef): DiscountCalls {
  return {
    async findCode(code) {
      const answer = await transport.read(shop, codeByTextOperation, { code });
      if (answer.outcome !== "ok") return answer;
      const node = answer.data.codeDiscountNodeByCode;
      if (node === null) return { outcome: "not_found" };
      return { outcome: "found", discountId: node.id, title: node.codeDiscount.title ?? "" };
    },
    async createDiscountParent(draft) {
      const answer = await create(transport, shop, draft);
      if (answer.outcome !== "ok") return answer;
      const { created } = answer.data;
      if (created?.codeDiscountNode) return { outcome: "ok", discountId: created.codeDiscountNode.id };
      return refusalOf(created?.userErrors ?? []);
    },
    async addCodes(discountId, codes) {
      invariant(codes.length > 0 && codes.length <= CODES_PER_CALL_MAX, "codes are added one call's worth at a time");
      const variables = { discountId, codes: codes.map((code) => ({ code })) };
      const answer = await transport.change(shop, redeemCodesAddOperation, variables);
      if (answer.outcome !== "ok") return answer;
      const added = answer.data.discountRedeemCodeBulkAdd;
      if (added?.bulkCreation) return { outcome: "ok", creationId: added.bulkCreation.id };
      const errors = added?.userErrors ?? [];
      if (errors.some(isAboutDiscount)) return { outcome: "gone" };
      return { outcome: "refused", code: errors[0]?.code ?? "UNKNOWN" };
    },
    async pollCodes(creationId) {
      const answer = await transport.read(shop, redeemCodesPollOperation, { id: creationId });
      if (answer.outcome !== "ok") return answer;
      const creation = answer.data.discountRedeemCodeBulkCreation;
      if (creation === null) return { outcome: "not_found" };
      if (!creation.done) return { outcome: "running" };
      return { outcome: "done", added: creation.importedCount, failed: creation.failedCount };
    },
    async codeResults(creationId) {
      const answer = await transport.read(shop, redeemCodesResultsOperation, { id: creationId });
      if (answer.outcome !== "ok") return answer;
      const creation = answer.data.discountRedeemCodeBulkCreation;
      if (creation === null) return { outcome: "not_found" };
      const codes = creation.codes.nodes.map(({ code, errors }) => ({ code, problem: problemOf(errors) }));
      return { outcome: "ok", codes };
    },
    async codesUnder(discountId, codes) {
      const found = await search(transport, shop, discountId, codes);
      return found.outcome === "ok" ? { outcome: "ok", codes: found.nodes.map(({ code }) => code) } : found;
    },
    withdrawCodes: (discountId, codes) => withdraw(transport, shop, discountId, codes),
  };
}

type RedeemCode = { readonly id: string; readonly code: string };

/** Those of some codes that a discount holds, in capitals; what a search brings besides is left out. */
async function search(
  transport: AdminTransport,
  shop: ShopRef,
  discountId: string,
  codes: readonly string[],
): Promise<{ readonly outcome: "ok"; readonly nodes: readonly RedeemCode[] } | ReadTrouble> {
  invariant(
    codes.length > 0 && codes.length <= CODES_PER_SEARCH_MAX,
    "codes are looked for one search's worth at a time",
  );
  const text = codes.map((code) => `code:${code}`).join(" OR ");
  const found = await transport.read(shop, redeemCodeIdsOperation, { discountId, search: text });
  if (found.outcome !== "ok") return found;
  const wanted = new Set(codes);
  const nodes = (found.data.node?.codeDiscount?.codes?.nodes ?? []).map(({ id, code }) => ({
    id,
    code: code.toUpperCase(),
  }));
  return { outcome: "ok", nodes: nodes.filter(({ code }) => wanted.has(code)) };
}

/** Deletes by id, since a search might match more than it was meant to. */
async function withdraw(
  transport: AdminTransport,
  shop: ShopRef,
  discountId: string,
  codes: readonly string[],
): Promise<{ readonly outcome: "ok" } | ChangeTrouble> {
  const found = await search(transport, shop, discountId, codes);
  if (found.outcome !== "ok") return found;
  const ids = found.nodes.map(({ id }) => id);
  if (ids.length === 0) return { outcome: "ok" };
  const answer = await transport.change(shop, redeemCodesDeleteOperation, { discountId, ids });
  if (answer.outcome !== "ok") return answer;
  const deleted = answer.data.discountCodeRedeemCodeBulkDelete;
  return deleted?.job ? { outcome: "ok" } : { outcome: "refused", code: deleted?.userErrors[0]?.code ?? "UNKNOWN" };
}

function create(transport: AdminTransport, shop: ShopRef, draft: DiscountParentDraft) {
  const common = {
    title: draft.title,
    code: draft.firstCode,
    startsAt: draft.startsAt.toISOString(),
    endsAt: draft.endsAt?.toISOString() ?? null,
    // Counted per code: each of a parent's codes can be used once.
    usageLimit: 1,
    appliesOncePerCustomer: draft.oncePerCustomer ?? false,
    context: draft.onlyFor == null ? { all: "ALL" } : { customers: { add: [gidOf("Customer", draft.onlyFor)] } },
    combinesWith: {
      orderDiscounts: draft.combinesWith.order,
      productDiscounts: draft.combinesWith.product,
      shippingDiscounts: draft.combinesWith.shipping,
    },
  };
  switch (draft.worth.kind) {
    case "fixed": {
      const value = { discountAmount: { amount: draft.worth.amount, appliesOnEachItem: false } };
      return transport.change(shop, discountBasicCreateOperation, {
        discount: { ...common, customerGets: { value, items: { all: true } } },
      });
    }
    case "percent": {
      const value = { percentage: draft.worth.basisPoints / BASIS_POINTS_PER_WHOLE };
      return transport.change(shop, discountBasicCreateOperation, {
        discount: { ...common, customerGets: { value, items: { all: true } } },
      });
    }
    case "free_shipping": {
      const { shippingDiscounts: _own, ...combinesWith } = common.combinesWith;
      return transport.change(shop, discountFreeShippingCreateOperation, {
        discount: { ...common, combinesWith, destination: { all: true } },
      });
    }
    default:
      return assertNever(draft.worth);
  }
}

function refusalOf(errors: UserErrors): { readonly outcome: "taken" } | ChangeTrouble {
  const isTaken = errors.some((error) => error.code === "TAKEN" && error.field?.at(-1) === "code");
  return isTaken ? { outcome: "taken" } : { outcome: "refused", code: errors[0]?.code ?? "UNKNOWN" };
}

/** Of the discount, which has no other fault than not to be there: deleted by the merchant (seen on recorded answers). */
function isAboutDiscount(error: UserErrors[number]): boolean {
  return error.field?.at(-1) === "discountId" || /does not exist/i.test(error.message);
}

/** A code that exists already comes back without an error code, only with this text (seen on recorded answers). */
function problemOf(errors: readonly { readonly code: string | null; readonly message: string }[]): CodeProblem | null {
  if (errors.length === 0) return null;
  const isTaken = errors.some((error) => error.code === "TAKEN" || /must be unique/i.test(error.message));
  return isTaken ? "taken" : "invalid";
}
