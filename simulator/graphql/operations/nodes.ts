import { parseGid } from "../../world/ids.ts";
import { isOrderVisible, type Call, type View } from "../call.ts";
import { appInstallationView } from "../views/app-installation.ts";
import { customerView } from "../views/customer.ts";
import { codeDiscountNodeView } from "../views/discount.ts";
import { disputeView } from "../views/dispute.ts";
import { giftCardView } from "../views/gift-card.ts";
import { orderView } from "../views/order.ts";
import { shopView } from "../views/shop.ts";
import { storeCreditAccountView, storeCreditEntryView } from "../views/store-credit.ts";
import { bulkCreationView } from "./bulk-codes.ts";
import { idOf } from "./ids.ts";

/** `node`, `nodes`, `shop`, `currentAppInstallation`, `job`. What is not there, or not visible, is null. */
export function nodeQueries(call: Call): View {
  return {
    node: ({ id }: { id: string }) => nodeView(call, id),
    nodes: ({ ids }: { ids: readonly string[] }) => ids.map((id) => nodeView(call, id)),
    shop: () => shopView(call),
    currentAppInstallation: () => appInstallationView(call),
    job: ({ id }: { id: string }) => ({ id, done: call.world.background.size === 0 && idOf(id, "Job") !== "" }),
  };
}

function nodeView(call: Call, globalId: string): View | null {
  idOf(globalId);
  const { kind = "", id = "" } = parseGid(globalId) ?? {};
  const { shop } = call;
  const show = <Item>(item: Item | undefined, view: (call: Call, item: Item) => View): View | null =>
    item === undefined ? null : view(call, item);
  switch (kind) {
    case "Order": {
      const order = shop.orders.get(id);
      return order !== undefined && isOrderVisible(call, order) ? orderView(call, order) : null;
    }
    case "Customer":
      return show(shop.customers.get(id), customerView);
    case "DiscountCodeNode":
      return show(shop.discounts.get(id), codeDiscountNodeView);
    case "DiscountRedeemCodeBulkCreation":
      return show(shop.bulkCreations.get(id), bulkCreationView);
    case "GiftCard":
      return show(shop.giftCards.get(id), giftCardView);
    case "StoreCreditAccountCreditTransaction":
      return storeCreditNode(call, id);
    case "StoreCreditAccount":
      return show(shop.storeCreditAccounts.get(id), storeCreditAccountView);
    case "ShopifyPaymentsDispute":
      return disputeNode(call, id);
    case "Shop":
      return id === shop.id ? shopView(call) : null;
    default:
      return null;
  }
}

function storeCreditNode(call: Call, id: string): View | null {
  for (const account of call.shop.storeCreditAccounts.values()) {
    const entry = account.entries.find((one) => one.kind === "credit" && one.id === id);
    if (entry !== undefined) return storeCreditEntryView(call, account, entry);
  }
  return null;
}

function disputeNode(call: Call, id: string): View | null {
  for (const order of call.shop.orders.values()) {
    const dispute = order.disputes.find((one) => one.id === id);
    if (dispute !== undefined) return disputeView(call, order, dispute);
  }
  return null;
}
