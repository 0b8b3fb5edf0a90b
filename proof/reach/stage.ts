import { addressOf, signUp, takeLink } from "../journey/actors.ts";
import type { Person, Shop } from "../journey/actors.ts";
import { callApp, callStorefront, control, expectThat } from "../journey/http.ts";
import type { Json, Target } from "../journey/http.ts";
import type { Observer } from "../oracle/observer.ts";

/** One shop of its own, with Dan, who has bought, and his link. */
export type Stage = {
  readonly shop: Shop;
  readonly observer: Observer;
  readonly dan: Person;
  readonly code: string;
};

export type ShopSetting = {
  /** False: Shopify gives no name, e-mail, phone or address to anybody. */
  readonly protectedFields?: boolean;
  /** Changes of the terms before Dan takes his link. */
  readonly terms?: Json;
};

/** Somebody with a browser, who may have no account. */
export type Shopper = Omit<Person, "id"> & { readonly id?: string };

const BROWSER_AGENT =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1";

/** Opens a shop and lets Dan take his link. */
export async function openStage(
  target: Target,
  observer: Observer,
  name: string,
  setting: ShopSetting = {},
): Promise<Stage> {
  const domain = `reach-${name.replaceAll("_", "-")}.myshopify.com`;
  const shop: Shop = { target, domain, currency: "GBP" };
  await control(target, "POST", "shops", {
    shop: domain,
    name: domain.replace(".myshopify.com", ""),
    currency: shop.currency,
    customerAccounts: "new",
    protectedFields: setting.protectedFields ?? true,
    usageLimit: "code",
    install: true,
  });
  if (setting.terms !== undefined) await saveTerms(shop, setting.terms);
  const dan = await signUp(shop, { firstName: "Dan", seed: 1, pastOrders: 1 });
  const link = await takeLink(shop, dan);
  return { shop, observer, dan, code: String(link["code"]) };
}

/** Saves terms as the merchant's form does. */
export async function saveTerms(shop: Shop, terms: Json): Promise<void> {
  const answer = await adminPost(shop, "/app/program", { terms: JSON.stringify(terms) });
  expectThat(answer.status === 200, "the terms are saved", answer.body);
}

/** Posts a form of the page of the person whose link this is. */
async function postToOwner(stage: Stage, code: string, form: Record<string, string>): Promise<void> {
  const { shop, observer } = stage;
  const [row] = await observer.query(
    `SELECT person_id FROM codes c JOIN shops s ON s.id = c.shop_id WHERE s.domain = '${shop.domain}' AND c.code = '${code}'`,
  );
  const answer = await adminPost(shop, `/app/people/${String(row?.["person_id"])}`, form);
  expectThat(answer.status === 200, `${String(form["intent"])} is taken`, answer.body);
}

/** Retires somebody's link in the admin, for abuse or otherwise. */
export function retire(stage: Stage, code: string, reason: string): Promise<void> {
  return postToOwner(stage, code, { intent: "retire_code", reason });
}

/** Gives somebody's link another name in the admin. */
export function nameLink(stage: Stage, code: string, name: string): Promise<void> {
  return postToOwner(stage, code, { intent: "name_link", name });
}

/** Brings codes of another programme over in the admin. @returns what became of the lines */
export async function importLines(shop: Shop, lines: string): Promise<Json> {
  const answer = await adminPost(shop, "/app/import", { intent: "import", lines });
  expectThat(answer.status === 200, "the lines are brought over", answer.body);
  return answer.body;
}

/** Posts a form of the embedded admin. */
async function adminPost(shop: Shop, path: string, form: Record<string, string>) {
  const token = String((await control(shop.target, "POST", `shops/${shop.domain}/id-token`, {}))["token"]);
  return callApp(shop.target, { method: "POST", path, token, form });
}

/** Somebody who has no account yet: a browser of their own, an address on the network and a card. */
export function visitor(firstName: string, seed: number): Shopper {
  return {
    firstName,
    email: `${firstName.toLowerCase()}.${seed}@mail.example`,
    device: deviceOf(seed),
    ip: addressOf(seed),
    card: {
      bin: "424242",
      last4: String(5_000 + seed),
      expMonth: 4,
      expYear: 2031,
      brand: "Visa",
      name: `${firstName} Example`,
    },
  };
}

/** The random id that the storefront script of one browser keeps. */
export function deviceOf(seed: number): string {
  return `00000000-0000-4000-8000-${String(seed).padStart(12, "0")}`;
}

export type TapOptions = {
  readonly agent?: string;
  readonly headers?: Record<string, string>;
  readonly method?: string;
  readonly customerId?: string;
  readonly ip?: string;
};

/** Opens a link in any way there is. @returns what came back, with the token that the redirect carries, if any */
export async function openLink(
  shop: Shop,
  code: string,
  options: TapOptions = {},
): Promise<{ status: number; token: string | null; body: string }> {
  const answer = await control(shop.target, "POST", "click", {
    shop: shop.domain,
    code,
    ip: options.ip ?? addressOf(70),
    userAgent: options.agent ?? BROWSER_AGENT,
    acceptLanguage: "en-GB",
    method: options.method ?? "GET",
    headers: options.headers ?? {},
    ...(options.customerId === undefined ? {} : { customerId: options.customerId }),
  });
  const token = answer["token"];
  return {
    status: Number(answer["status"]),
    token: typeof token === "string" && token !== "" ? token : null,
    body: typeof answer["body"] === "string" ? answer["body"] : "",
  };
}

/** What an order carries. Nothing is added by itself. */
export type Basket = {
  readonly attributes?: Record<string, string>;
  readonly landingSite?: string;
  readonly codes?: readonly string[];
  readonly cartToken?: string;
  readonly checkoutToken?: string;
  readonly source?: string;
  readonly createdAt?: string;
  readonly paid?: boolean;
  readonly subscription?: boolean;
};

/** Buys a box. @returns the order's id */
export async function order(shop: Shop, who: Shopper, basket: Basket = {}): Promise<string> {
  const line = { title: "Weekly vegetable box", price: "42.00", quantity: 1 };
  const placed = await control(shop.target, "POST", "orders", {
    shop: shop.domain,
    ...(who.id === undefined ? {} : { customerId: who.id }),
    email: who.email,
    lines: [basket.subscription === true ? { ...line, sellingPlan: "A box a week" } : line],
    currency: shop.currency,
    noteAttributes: Object.entries(basket.attributes ?? {}).map(([name, value]) => ({ name, value })),
    discountCodes: basket.codes ?? [],
    landingSite: basket.landingSite ?? null,
    clientIp: who.ip,
    userAgent: BROWSER_AGENT,
    acceptLanguage: "en-GB",
    card: who.card,
    risk: "ACCEPT",
    sourceName: basket.source ?? "web",
    paid: basket.paid ?? true,
    ...(basket.cartToken === undefined ? {} : { cartToken: basket.cartToken }),
    ...(basket.checkoutToken === undefined ? {} : { checkoutToken: basket.checkoutToken }),
    ...(basket.createdAt === undefined ? {} : { createdAt: basket.createdAt }),
  });
  return String(placed["id"]);
}

/** What the storefront script puts on the cart. */
export function cartWith(tokens: readonly (string | null)[], who: Shopper): Record<string, string> {
  return { _ref_token: tokens.filter((token) => token !== null).join(","), _ref_device: who.device };
}

/** Claims the friend's side as the script or the landing page does. @returns the answer's body */
export async function claim(shop: Shop, who: Shopper, body: Json): Promise<Json> {
  const answer = await callStorefront(shop.target, {
    shop: shop.domain,
    path: "/a/r/api/claim",
    ip: who.ip,
    json: body,
  });
  expectThat(answer.status === 200, `${who.firstName} may claim`, answer);
  return answer.body;
}

/** Signs up by a theme's classic form, into which the script has put the link. */
export async function registerByForm(shop: Shop, who: Shopper, token: string | null): Promise<Shopper> {
  const { email, firstName } = who;
  const body = { shop: shop.domain, email, firstName, locale: "en-GB", note: `ref_token: ${String(token)}` };
  const created = await control(shop.target, "POST", "customers", body);
  return { ...who, id: String(created["id"]) };
}

/** Gives the address on the landing page, as a browser without scripts does. @returns the code on the page that answers */
export async function claimByForm(shop: Shop, who: Shopper, token: string | null): Promise<string> {
  const { status, body } = await callStorefront(shop.target, {
    shop: shop.domain,
    path: "/a/r/join",
    ip: who.ip,
    form: { token: String(token), email: who.email },
  });
  const code = /<strong>([0-9A-Z]{16})<\/strong>/.exec(String(body["text"]))?.[1];
  expectThat(status === 200 && code !== undefined, "the landing page shows a code", body);
  return code;
}

/** Tells the app that the page is open and in sight, as the script does. */
export async function confirmPage(shop: Shop, who: Shopper, token: string | null): Promise<void> {
  const json = { token, device: who.device };
  const { status } = await callStorefront(shop.target, {
    shop: shop.domain,
    path: "/a/r/api/seen",
    ip: who.ip,
    json,
  });
  expectThat(status === 200, "the page says that it is seen");
}

/** Sends what the web pixel saw at the end of a checkout. */
export async function pixel(shop: Shop, who: Shopper, seen: { checkoutToken: string; tokens: readonly string[] }) {
  const response = await fetch(`${shop.target.appUrl}/api/pixel`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ shop: shop.domain, ...seen, device: who.device }),
  });
  expectThat(response.status === 204, "the pixel's event is taken");
}

/** When a token's time ends, in epoch milliseconds: bytes 41 to 46 of what it says. */
export function endOf(token: string): number {
  return Buffer.from(token, "base64url").readUIntBE(41, 6);
}
