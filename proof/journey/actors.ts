import { asList, asObject, callApp, callStorefront, control, expectThat, settle } from "./http.ts";
import type { Json, Target } from "./http.ts";

/** The shop of a journey, and how to play people in it. */
export type Shop = { readonly target: Target; readonly domain: string; readonly currency: string };

/** A customer with a browser of their own: one device, one address on the network, one card. */
export type Person = {
  readonly firstName: string;
  readonly id: string;
  readonly email: string;
  readonly device: string;
  readonly ip: string;
  readonly card: { bin: string; last4: string; expMonth: number; expYear: number; brand: string; name: string };
};

const BROWSER_AGENT =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1";

/** Signs somebody up in the shop. `like` shares the browser and the card of another person. */
export async function signUp(
  shop: Shop,
  who: { firstName: string; seed: number; pastOrders?: number; sameBrowserAs?: Person; sameCardAs?: Person },
): Promise<Person> {
  const email = `${who.firstName.toLowerCase()}.${who.seed}@mail.example`;
  const created = await control(shop.target, "POST", "customers", {
    shop: shop.domain,
    email,
    firstName: who.firstName,
    lastName: "Example",
    locale: "en-GB",
    pastOrders: who.pastOrders ?? 0,
  });
  return {
    firstName: who.firstName,
    id: String(created["id"]),
    email,
    device: who.sameBrowserAs?.device ?? `00000000-0000-4000-8000-${String(who.seed).padStart(12, "0")}`,
    ip: who.sameBrowserAs?.ip ?? addressOf(who.seed),
    card: who.sameCardAs?.card ?? cardOf(who.seed, who.firstName),
  };
}

/** An address on the networks that are kept for documentation and benchmarks; one a person. */
export function addressOf(seed: number): string {
  if (seed < 250) return `198.51.100.${seed + 1}`;
  // There is no room for more in version 4. A network of its own for each, of those that are kept in version 6.
  if (seed >= 131_072) return `2001:db8:${Math.floor(seed / 65_536).toString(16)}:${(seed % 65_536).toString(16)}::1`;
  return `198.${18 + (Math.floor(seed / 65_536) % 2)}.${Math.floor(seed / 256) % 256}.${seed % 256}`;
}

function cardOf(seed: number, firstName: string): Person["card"] {
  const bin = String(424_242 + Math.floor(seed / 10_000));
  const last4 = String(seed % 10_000).padStart(4, "0");
  return { bin, last4, expMonth: 4, expYear: 2031, brand: "Visa", name: `${firstName} Example` };
}

/** @returns the session token that Shopify gives the account extension of this customer */
export async function accountToken(shop: Shop, person: Person): Promise<string> {
  return String(
    (await control(shop.target, "POST", `customers/${person.id}/session-token`, { shop: shop.domain }))["token"],
  );
}

/** Asks for the person's link, as their account page does. */
export async function takeLink(shop: Shop, person: Person): Promise<Json> {
  return takeLinkWith(shop, person, await accountToken(shop, person));
}

/** Asks for the person's link with a session token of theirs. */
export async function takeLinkWith(shop: Shop, person: Person, token: string): Promise<Json> {
  const { status, body } = await callApp(shop.target, {
    method: "POST",
    path: "/api/customer/link",
    token,
    json: { device: person.device },
  });
  expectThat(status === 200, `${person.firstName} gets a link`, body);
  return body;
}

/** Taps a link. @returns the token that the storefront script would find in the address */
export async function tap(shop: Shop, code: string, who: Pick<Person, "ip">): Promise<string> {
  const answer = await control(shop.target, "POST", "click", {
    shop: shop.domain,
    code,
    ip: who.ip,
    userAgent: BROWSER_AGENT,
    acceptLanguage: "en-GB",
  });
  expectThat(answer["status"] === 302, "the link answers 302", answer);
  expectThat(typeof answer["token"] === "string" && answer["token"] !== "", "the redirect carries a token", answer);
  return answer["token"];
}

/** Hands the browser's tokens over on log-in, as the storefront script does. */
export async function bind(shop: Shop, person: Person, tokens: readonly string[]): Promise<void> {
  const token = await accountToken(shop, person);
  const call = { method: "POST", path: "/api/customer/bind", token, json: { tokens, device: person.device } } as const;
  const { status, body } = await callApp(shop.target, call);
  expectThat(status === 200 && body["bound"] === true, `${person.firstName}'s tap is bound to their account`, body);
}

/** Buys something for 42.00 in the shop's currency, paid by card, with these discount codes. @returns the order's id */
export async function buy(
  shop: Shop,
  person: Person,
  tokens: readonly string[],
  discountCodes: readonly string[] = [],
): Promise<string> {
  const order = await control(shop.target, "POST", "orders", {
    shop: shop.domain,
    customerId: person.id,
    email: person.email,
    lines: [{ title: "Weekly vegetable box", price: shop.currency === "JPY" ? "4200" : "42.00", quantity: 1 }],
    currency: shop.currency,
    noteAttributes: [
      ...(tokens.length > 0 ? [{ name: "_ref_token", value: tokens.join(",") }] : []),
      { name: "_ref_device", value: person.device },
    ],
    discountCodes,
    clientIp: person.ip,
    userAgent: BROWSER_AGENT,
    acceptLanguage: "en-GB",
    card: person.card,
    risk: "ACCEPT",
    sourceName: "web",
    paid: true,
  });
  return String(order["id"]);
}

/** Asks for the friend's side of the offer, as the storefront script does before anybody has logged in. */
export async function claimOffer(shop: Shop, person: Person, token: string): Promise<Json> {
  const { status, body } = await callStorefront(shop.target, {
    shop: shop.domain,
    path: "/a/r/api/claim",
    ip: person.ip,
    json: { token, device: person.device },
  });
  expectThat(status === 200, `${person.firstName} may claim`, body);
  return body;
}

/** What a customer sees of their own referrals and rewards. */
export async function statusOf(shop: Shop, person: Person): Promise<{ referrals: Json[]; rewards: Json[] }> {
  const token = await accountToken(shop, person);
  const { status, body } = await callApp(shop.target, { method: "GET", path: "/api/customer/status", token });
  expectThat(status === 200, `${person.firstName} sees their status`, body);
  return { referrals: asList(body["referrals"]), rewards: asList(body["rewards"]) };
}

/** Moves time for everybody, and waits until what fell due is done. */
export async function letTimePass(shop: Shop, duration: string): Promise<void> {
  await control(shop.target, "POST", "clock", { advance: duration });
  await settle(shop.target);
}

export type Witnessed = {
  /** Codes of rewards. */
  readonly codes: string[];
  /** Friends' codes, which are made ahead of time. */
  readonly pool: string[];
  /** Discounts of rewards. */
  readonly discounts: Json[];
  readonly storeCredits: Json[];
  readonly giftCards: Json[];
  readonly mails: Json[];
  readonly deliveries: Json[];
};

/** What the outside world saw of this shop. */
export async function witness(shop: Shop): Promise<Witnessed> {
  const seen = await control(shop.target, "GET", `witness?shop=${shop.domain}`);
  const discounts = asList(seen["discounts"]);
  const isPool = (discount: Json): boolean => String(discount["title"]).startsWith("Goodword welcome");
  const codesOf = (some: readonly Json[]): string[] =>
    some.flatMap((discount) => asList(discount["codes"]).map((code) => String(asObject(code)["code"])));
  return {
    codes: codesOf(discounts.filter((discount) => !isPool(discount))),
    discounts: discounts.filter((discount) => !isPool(discount)),
    storeCredits: asList(seen["storeCredits"]),
    giftCards: asList(seen["giftCards"]),
    pool: codesOf(discounts.filter(isPool)),
    mails: asList(seen["mails"]),
    deliveries: asList(seen["deliveries"]),
  };
}
