import type { OrderDiscount, OrderFacts } from "#app/domain/event/order-facts.ts";
import { isBotAgent } from "../agent.ts";
import { parseClientIp } from "../client-ip.ts";
import { pickTokens, readCartToken, readDevice } from "../tokens.ts";
import { addressFacts } from "./address.ts";
import type { ExtractContext, Extractor } from "./context.ts";
import { currencyAt, decimalAt, isTrueAt, objectAt, objectsAt, resourceId, textAt, timeAt } from "./fields.ts";
import type { JsonObject } from "./fields.ts";
import { personFacts, seenCustomer } from "./person.ts";

const CODES_MAX = 100;
const ATTRIBUTES_MAX = 100;
/** An order's longest texts: a cart attribute with five tokens, a landing path, a user agent. */
const LONG_TEXT_MAX = 2_048;
/** A query names the token in clear, or with some letters escaped. */
const MAY_HOLD_TOKEN = /\?.*(?:ref_token|%)/s;
/** The source of an order that a subscription's billing made by itself; the first order comes from the checkout. */
const RENEWAL_SOURCE = "subscription_contract";

/** orders/create, orders/paid, orders/cancelled: the order as it stood when it was sent, which may be long ago. */
export const extractOrder: Extractor = (payload, context) => {
  const orderId = resourceId(payload);
  const money = shopMoney(payload);
  const createdAt = timeAt(payload, "created_at");
  if (orderId === null || money === null || createdAt === null) return null;
  const updatedAt = timeAt(payload, "updated_at") ?? createdAt;
  return {
    kind: "order",
    orderId,
    person: buyerFacts(payload, context),
    createdAt,
    processedAt: timeAt(payload, "processed_at") ?? createdAt,
    updatedAt,
    // The payload has no time of payment: it is the change that this topic reports.
    paidAt: context.topic === "orders/paid" ? updatedAt : null,
    cancelledAt: timeAt(payload, "cancelled_at"),
    test: isTrueAt(payload, "test"),
    financialStatus: textAt(payload, "financial_status"),
    sourceName: textAt(payload, "source_name"),
    ...money,
    ...discountFacts(payload),
    ...carriedFacts(payload),
    ...clientFacts(payload, context, createdAt),
    ...addressFacts(objectAt(payload, "shipping_address"), context.shop.keyring),
    renewal: textAt(payload, "source_name") === RENEWAL_SOURCE,
  };
};

/** The total in the shop's own currency, whatever the buyer was shown. */
function shopMoney(payload: JsonObject): Pick<OrderFacts, "currency" | "totalPrice"> | null {
  const inShopMoney = objectAt(objectAt(payload, "total_price_set"), "shop_money");
  const totalPrice = decimalAt(inShopMoney, "amount") ?? decimalAt(payload, "total_price");
  const currency = currencyAt(inShopMoney, "currency_code") ?? currencyAt(payload, "currency");
  return totalPrice === null || currency === null ? null : { totalPrice, currency };
}

/** The codes on the order, and what each took off in the shop's currency, as the payload adds it up. */
function discountFacts(payload: JsonObject): { discountCodes: string[]; discounts: OrderDiscount[] } {
  const discounts = objectsAt(payload, "discount_codes", CODES_MAX);
  return {
    discountCodes: discounts.map((discount) => textAt(discount, "code")).filter((code) => code !== null),
    discounts: discounts.flatMap((discount) => {
      const [code, amount] = [textAt(discount, "code"), decimalAt(discount, "amount")];
      return code === null || amount === null ? [] : [{ code, amount }];
    }),
  };
}

/** The customer of the order, or whoever the order's own e-mail and phone belong to. */
function buyerFacts(payload: JsonObject, context: ExtractContext): OrderFacts["person"] {
  const customer = seenCustomer(objectAt(payload, "customer"));
  return personFacts(
    {
      customerId: customer.customerId,
      firstName: customer.firstName ?? textAt(objectAt(payload, "shipping_address"), "first_name"),
      email: customer.email ?? textAt(payload, "email") ?? textAt(payload, "contact_email"),
      phone: customer.phone ?? textAt(payload, "phone"),
      locale: textAt(payload, "customer_locale") ?? customer.locale,
    },
    context,
  );
}

/** What the storefront script put on the cart, and the page that the visit began with. */
function carriedFacts(payload: JsonObject): Pick<OrderFacts, "tokens" | "device" | "cartAt"> {
  const attributes = objectsAt(payload, "note_attributes", ATTRIBUTES_MAX);
  const cartAt = Date.parse(attributeOf(attributes, "_ref_cart_at") ?? "");
  const tokens = attributeOf(attributes, "_ref_token")?.split(",") ?? [];
  return {
    tokens: {
      cartAttribute: pickTokens(tokens.map((token) => token.trim())),
      landingSite: pickTokens(landingTokens(textAt(payload, "landing_site", LONG_TEXT_MAX))),
    },
    device: readDevice(attributeOf(attributes, "_ref_device")),
    cartAt: Number.isNaN(cartAt) ? null : cartAt,
  };
}

/** The value of an attribute; of the last one where a name came twice. */
function attributeOf(attributes: readonly JsonObject[], name: string): string | null {
  const attribute = attributes.findLast((candidate) => textAt(candidate, "name") === name);
  return attribute === undefined ? null : textAt(attribute, "value", LONG_TEXT_MAX);
}

function landingTokens(landingSite: string | null): string[] {
  // Most visits begin on a page without a token, and taking an address apart costs more than this look.
  if (landingSite === null || !MAY_HOLD_TOKEN.test(landingSite)) return [];
  const query = landingSite.split("#")[0]?.split("?").slice(1).join("?");
  return new URLSearchParams(query).getAll("ref_token");
}

/** The network and agent of the checkout, hashed with the salt of the month that the order was made in. */
function clientFacts(
  payload: JsonObject,
  { shop }: ExtractContext,
  createdAt: number,
): Pick<
  OrderFacts,
  "ipHash" | "ipHashBefore" | "prefixHash" | "agentHash" | "agentIsBot" | "checkoutTokenHash" | "cartTokenHash"
> {
  const client = objectAt(payload, "client_details");
  const ip = parseClientIp(textAt(client, "browser_ip") ?? textAt(payload, "browser_ip"));
  const agent = textAt(client, "user_agent", LONG_TEXT_MAX);
  const checkoutToken = textAt(payload, "checkout_token");
  const cartToken = readCartToken(textAt(payload, "cart_token"));
  const at = new Date(createdAt);
  return {
    ipHash: ip === null ? null : shop.keyring.network("ip", ip.ip, at),
    ipHashBefore: ip === null ? null : shop.keyring.network("ip", ip.ip, monthBefore(at)),
    prefixHash: ip === null ? null : shop.keyring.network("prefix", ip.prefix, at),
    agentHash: agent === null ? null : shop.keyring.network("agent", agent, at),
    agentIsBot: agent !== null && isBotAgent(agent),
    checkoutTokenHash: checkoutToken === null ? null : shop.keyring.fact("checkout", checkoutToken),
    cartTokenHash: cartToken === null ? null : shop.keyring.fact("cart", cartToken),
  };
}

function monthBefore(at: Date): Date {
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - 1));
}
