import type {
  AdminAddress,
  AdminCard,
  AdminOrder,
  AdminOrderLine,
  CustomerAnswer,
  ReadTrouble,
  ShopAdmin,
  ShopifyAdmin,
} from "#app/usecases/ports.ts";
import type { DiscountSetting } from "#app/domain/reconcile/discount-setting.ts";
import type { ChangedOrder, DisputedAmount, FoundCredit, OrderStanding } from "#app/usecases/reconcile-ports.ts";

/** A pretend Admin API of one shop: what tests put in is what the app reads. */
export type FakeShopify = {
  readonly admin: ShopifyAdmin;
  readonly orders: Map<string, AdminOrder>;
  readonly customers: Map<string, CustomerAnswer>;
  readonly cards: Map<string, readonly AdminCard[]>;
  /** Where customers had their orders sent. */
  readonly orderAddresses: Map<string, readonly AdminAddress[]>;
  /** Customers' own addresses. */
  readonly addresses: Map<string, AdminAddress>;
  /** Codes of the shop, each with the discount that it belongs to. */
  readonly codes: Map<string, string>;
  /** Titles of the discounts. */
  readonly titles: Map<string, string>;
  /** What discounts are set to, by their gids. */
  readonly settings: Map<string, DiscountSetting>;
  /** How often codes were used, as Shopify counts. */
  readonly uses: Map<string, number>;
  /** Store credit and gift cards, by their gids. */
  readonly credits: Map<string, FoundCredit>;
  /** What banks ask back, by order. */
  readonly disputes: Map<string, OrderStanding["disputes"]>;
  /** What banks ask for, by dispute; empty where the scope for it is missing. */
  readonly disputed: Map<string, DisputedAmount>;
  /** Orders that a reading finds, those that changed since it asks. */
  readonly changed: ChangedOrder[];
  /** While set, every reading ends with it. */
  trouble: ReadTrouble | null;
  /** Names of the calls, in their order. */
  readonly calls: string[];
};

export const DAN_CARD: AdminCard = { bin: "424242", lastFour: "4242", expiryMonth: 4, expiryYear: 2030, brand: "Visa" };

/** A customer with one order, an e-mail address and a name. */
export function buildCustomerAnswer(customerId: string, changes: Partial<CustomerAnswer> = {}): CustomerAnswer {
  return {
    customerId,
    email: `c${customerId}@example.com`,
    phone: null,
    numberOfOrders: 1n,
    createdAt: new Date("2026-01-05T12:00:00Z"),
    firstOrderAt: null,
    lastOrderAt: null,
    firstName: "Sam",
    locale: "en",
    tags: [],
    smsConsent: false,
    ...changes,
  };
}

/** A paid order of one thing, tax included. */
export function buildAdminOrder(changes: Partial<AdminOrder> & { orderId: string; createdAt: Date }): AdminOrder {
  const total = changes.totalPrice ?? "42.00";
  return {
    customerId: null,
    customerOrders: 1n,
    processedAt: changes.createdAt,
    updatedAt: changes.createdAt,
    cancelledAt: null,
    test: false,
    fullyPaid: true,
    financialStatus: "PAID",
    sourceName: "web",
    currency: "GBP",
    taxesIncluded: true,
    totalPrice: total,
    currentTotal: total,
    totalRefunded: "0",
    tips: "0",
    lines: [buildAdminLine({ originalTotal: total })],
    linesTruncated: false,
    email: null,
    phone: null,
    clientIp: null,
    shippingAddress: null,
    billingAddress: null,
    attributes: [],
    discountCodes: [],
    card: null,
    paidAt: changes.createdAt,
    risk: "ACCEPT",
    ...changes,
  };
}

export function buildAdminLine(changes: Partial<AdminOrderLine> = {}): AdminOrderLine {
  return {
    lineId: "1",
    quantity: 1,
    currentQuantity: 1,
    giftCard: false,
    subscription: false,
    originalTotal: "42.00",
    allocated: [],
    taxes: ["0"],
    ...changes,
  };
}

/** A pretend Shopify whose shop counts in this currency. */
export function createFakeShopify(currency: string): FakeShopify {
  const calls: string[] = [];
  const [orders, customers] = [new Map<string, AdminOrder>(), new Map<string, CustomerAnswer>()];
  const cards = new Map<string, readonly AdminCard[]>();
  const orderAddresses = new Map<string, readonly AdminAddress[]>();
  const addresses = new Map<string, AdminAddress>();
  const codes = new Map<string, string>();
  const titles = new Map<string, string>();
  const admin = { forShop: () => shopAdmin() };
  const changed: ChangedOrder[] = [];
  const [settings, uses] = [new Map<string, DiscountSetting>(), new Map<string, number>()];
  const [credits, disputes] = [new Map<string, FoundCredit>(), new Map<string, OrderStanding["disputes"]>()];
  const disputed = new Map<string, DisputedAmount>();
  const compared = { settings, uses, changed, credits, disputes, disputed };
  const kept = { orders, customers, cards, orderAddresses, addresses, codes, titles, ...compared };
  const fake: FakeShopify = { admin, ...kept, trouble: null, calls };

  function read<Answer>(call: string, answer: Answer): Promise<Answer | ReadTrouble> {
    calls.push(call);
    return Promise.resolve(fake.trouble ?? answer);
  }

  function shopAdmin(): ShopAdmin {
    const unasked = () => Promise.reject(new Error("no use case under test asks for this"));
    return {
      shopFacts: () =>
        read("shopFacts", {
          outcome: "ok",
          facts: {
            name: "FreshBox",
            currency,
            timezone: "Europe/London",
            primaryDomain: "freshbox.example",
            primaryOrigin: "https://freshbox.example",
            domains: ["freshbox.example"],
          },
        }),
      readOrder: (orderId) => {
        const order = orders.get(orderId);
        return read("readOrder", order === undefined ? { outcome: "not_found" } : { outcome: "ok", order });
      },
      readCustomer: (customerId) => {
        const customer = customers.get(customerId);
        return read("readCustomer", customer === undefined ? { outcome: "not_found" } : { outcome: "ok", customer });
      },
      readEvidence: (asked) => {
        const evidence = asked.map(({ orderId, friendCustomerId, referrerCustomerId }) => ({
          order: orders.get(orderId) ?? null,
          friend: customers.get(friendCustomerId ?? "") ?? null,
          referrer: customers.get(referrerCustomerId ?? "") ?? null,
          referrerBoughtWith: {
            cards: cards.get(referrerCustomerId ?? "") ?? [],
            addresses: orderAddresses.get(referrerCustomerId ?? "") ?? [],
          },
        }));
        return read("readEvidence", { outcome: "ok", evidence });
      },
      readPerson: (customerId) => {
        const customer = customers.get(customerId);
        if (customer === undefined) return read("readPerson", { outcome: "not_found" });
        const { firstName, email, phone } = customer;
        const person = { firstName, lastName: "Reed", email, phone, address: fake.addresses.get(customerId) ?? null };
        return read("readPerson", { outcome: "ok", person });
      },
      changedOrders: ({ since }) =>
        read("changedOrders", {
          outcome: "ok",
          orders: changed.filter(({ updatedAt }) => updatedAt >= since),
          next: null,
        }),
      boughtWith: (customerId) =>
        read("boughtWith", {
          outcome: "ok",
          cards: cards.get(customerId) ?? [],
          addresses: orderAddresses.get(customerId) ?? [],
        }),
      knownCustomers: unasked,
      findCode: (code) => {
        const discountId = codes.get(code);
        const title = titles.get(discountId ?? "") ?? "Goodword";
        return read(
          "findCode",
          discountId === undefined ? { outcome: "not_found" } : { outcome: "found", discountId, title },
        );
      },
      discountsById: (ids) => {
        const discounts = ids.flatMap((discountId) => {
          const setting = settings.get(discountId);
          return setting === undefined ? [] : [{ discountId, ...setting }];
        });
        return read("discountsById", { outcome: "ok", discounts });
      },
      codesOfDiscount: ({ discountId }) => {
        const own = [...codes].filter(([, of]) => of === discountId);
        const listed = own.map(([code]) => ({ code, uses: uses.get(code) ?? 0 }));
        return read("codesOfDiscount", { outcome: "ok", codes: listed, next: null });
      },
      creditsById: (_form, ids) =>
        read("creditsById", { outcome: "ok", credits: ids.flatMap((id) => credits.get(id) ?? []) }),
      orderStandings: (orderIds) => {
        const shown = orderIds.filter((orderId) => orders.has(orderId));
        const standings = shown.map((orderId) => ({ orderId, disputes: disputes.get(orderId) ?? [] }));
        return read("orderStandings", { outcome: "ok", orders: standings });
      },
      disputesById: (ids) => {
        const found = ids.map((id) => disputed.get(id)).filter((dispute) => dispute !== undefined);
        if (disputed.size === 0) return read("disputesById", { outcome: "refused", code: "ACCESS_DENIED" });
        return read("disputesById", { outcome: "ok", disputes: found });
      },
      createDiscountParent: ({ title, firstCode, worth, endsAt, oncePerCustomer = false }) => {
        const discountId = `gid://shopify/DiscountCodeNode/${titles.size + 1}`;
        if (fake.trouble === null) titles.set(discountId, title);
        if (fake.trouble === null) settings.set(discountId, { off: worth, endsAt, usageLimit: 1, oncePerCustomer });
        if (fake.trouble === null) codes.set(firstCode, discountId);
        return read("createDiscountParent", { outcome: "ok", discountId });
      },
      addCodes: (discountId, added) => {
        if (fake.trouble === null) for (const code of added) codes.set(code, discountId);
        return read("addCodes", { outcome: "ok", creationId: added.join(" ") });
      },
      pollCodes: (creationId) =>
        read("pollCodes", {
          outcome: "done",
          added: creationId.split(" ").length,
          failed: 0,
        }),
      codeResults: unasked,
      codesUnder: unasked,
      withdrawCodes: (_discountId, withdrawn) => {
        if (fake.trouble === null) for (const code of withdrawn) codes.delete(code);
        return read("withdrawCodes", { outcome: "ok" });
      },
      giveStoreCredit: unasked,
      findStoreCredit: unasked,
      createGiftCard: unasked,
      findGiftCard: unasked,
      activatePixel: () => read("activatePixel", { outcome: "ok" }),
      triggerFlow: (handle, payload) => read(`triggerFlow ${handle} ${JSON.stringify(payload)}`, { outcome: "ok" }),
    };
  }
  return fake;
}
