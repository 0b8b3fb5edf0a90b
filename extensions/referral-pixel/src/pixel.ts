/** Names that the storefront script keeps the visitor's links and browser under. */
const TOKENS_KEY = "gw_ref";
const DEVICE_KEY = "gw_device";
const TOKENS_ATTRIBUTE = "_ref_token";
const DEVICE_ATTRIBUTE = "_ref_device";
const TOKENS_MAX = 5;

type Send = (url: string, init: RequestInit) => Promise<unknown>;

/**
 * Listens to the checkout and tells the app which links the buyer came by: once as it starts, once when it is completed. Says
 * nothing while marketing is not allowed, and nothing about a buyer who came by no link.
 */
export function startPixel(api: PixelApi, send: Send): void {
  let isAllowed = api.init.customerPrivacy.marketingAllowed;
  api.customerPrivacy.subscribe("visitorConsentCollected", (event) => {
    isAllowed = event.customerPrivacy.marketingAllowed;
  });
  for (const name of ["checkout_started", "checkout_completed"])
    api.analytics.subscribe(name, async (event) => {
      const checkout = event.data?.checkout;
      if (isAllowed && checkout !== undefined) await tell(api, send, checkout);
    });
}

async function tell(api: PixelApi, send: Send, checkout: PixelCheckout): Promise<void> {
  const { appUrl } = api.settings;
  const tokens = await tokensOf(api, checkout);
  if (typeof appUrl !== "string" || !checkout.token || tokens.length === 0) return;
  const orderId = checkout.order?.id?.split("/").at(-1);
  const device = attributeOf(checkout, DEVICE_ATTRIBUTE) || (await stored(api, DEVICE_KEY));
  const body = {
    shop: api.init.data.shop.myshopifyDomain,
    checkoutToken: checkout.token,
    ...(orderId ? { orderId } : {}),
    tokens,
    ...(device ? { device } : {}),
  };
  // The page is about to be left; as plain text no preflight goes ahead of it.
  const init = {
    method: "POST",
    keepalive: true,
    headers: { "Content-Type": "text/plain" },
    body: JSON.stringify(body),
  };
  await send(`${appUrl}/api/pixel`, init).catch(() => undefined); // a hint that got lost: the other carriers remain
}

/** What the cart carries, else what the browser remembers; newest first. */
async function tokensOf(api: PixelApi, checkout: PixelCheckout): Promise<string[]> {
  const carried = attributeOf(checkout, TOKENS_ATTRIBUTE);
  const remembered = carried || (await api.browser.cookie.get(TOKENS_KEY)) || (await stored(api, TOKENS_KEY));
  const tokens = remembered.split(",").filter((token) => token !== "");
  return [...new Set(tokens)].slice(0, TOKENS_MAX);
}

function attributeOf(checkout: PixelCheckout, key: string): string {
  return checkout.attributes?.find((attribute) => attribute.key === key)?.value ?? "";
}

async function stored(api: PixelApi, key: string): Promise<string> {
  return (await api.browser.localStorage.getItem(key)) ?? "";
}
