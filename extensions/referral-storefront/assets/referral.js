/*
 * Remembers the referral links a visitor came by and puts them on the cart, so that an order can be credited. First-party
 * only. Where the shop asks for consent, nothing is stored or sent before marketing is allowed, and all is forgotten when
 * it is refused.
 */
"use strict";
{
  const TOKENS_MAX = 5;
  const TOKEN_SHAPE = /^[\w.~-]{1,160}$/;
  const KEPT_DAYS = 45; // the longest attribution window a shop may set
  const CHECKOUT_RESTS_MS = 3_600_000; // a checkout begun longer ago was given up: the next one begins anew
  const CART_WRITES_MAX = 20; // a page, so that two scripts that disagree about the cart cannot loop
  const TOKENS_KEY = "gw_ref";
  const DEVICE_KEY = "gw_device";
  const BOUND_KEY = "gw_bound";
  const CLAIMED_KEY = "gw_claimed";

  const shopify = window.Shopify;
  const { proxyRoot, customer, locale, banner, friend, dismiss } = document.currentScript?.dataset ?? {};
  const api = `${proxyRoot || "/a/r"}/api/`;
  const root = shopify?.routes?.root ?? "/";
  let attributes = null; // of the cart, as last read
  let hasCode = false; // the cart carries a discount code already
  let cartToken;
  let isConfirmed = false;
  let cartWrites = 0;
  let queue = Promise.resolve();

  /* Storage that a browser refuses reads as empty: the cart still gets what this page knows. */
  function stored(area, key, value) {
    try {
      if (value === undefined) return window[area].getItem(key) ?? "";
      if (value === "") window[area].removeItem(key);
      else window[area].setItem(key, value);
      return value;
    } catch {
      return value ?? "";
    }
  }

  function cookie(value) {
    if (value === undefined) return /(?:^|; )gw_ref=([^;]*)/.exec(document.cookie)?.[1] ?? "";
    const secure = window.location.protocol === "https:" ? "; Secure" : "";
    const maxAgeSeconds = value === "" ? 0 : KEPT_DAYS * 86_400;
    document.cookie = `${TOKENS_KEY}=${value}; Path=/; Max-Age=${maxAgeSeconds}; SameSite=Lax${secure}`;
    return value;
  }

  function tokens() {
    const all = [arrived, ...cookie().split(","), ...stored("localStorage", TOKENS_KEY).split(",")];
    return [...new Set(all.filter((token) => TOKEN_SHAPE.test(token)))].slice(0, TOKENS_MAX);
  }

  function device() {
    return stored("localStorage", DEVICE_KEY) || stored("localStorage", DEVICE_KEY, window.crypto.randomUUID());
  }

  function allowed() {
    const privacy = shopify?.customerPrivacy;
    return privacy?.marketingAllowed ? privacy.marketingAllowed() : !shopify?.loadFeatures; // no answer yet is no
  }

  /* The token is kept by the address while consent is open: a reload and the next page find it there. */
  function tokenIn(address) {
    return /[?&]ref_token=([\w.~-]{1,160})(?![^&#])/.exec(address)?.[1] ?? "";
  }

  /* A copied address does not carry somebody's visit along. */
  function cleanAddress() {
    const url = new URL(window.location.href);
    if (!url.searchParams.has("ref_token")) return;
    url.searchParams.delete("ref_token");
    window.history.replaceState(window.history.state, "", url.pathname + url.search + url.hash);
  }

  function post(url, body) {
    return fetch(url, {
      method: "POST",
      keepalive: true, // a checkout click leaves the page at once
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  }

  async function send(url, body) {
    const response = await post(url, body);
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    return response.json();
  }

  async function writeCart(wanted) {
    if (cartWrites >= CART_WRITES_MAX) return;
    cartWrites += 1;
    const cart = await send(`${root}cart/update.js`, { attributes: wanted });
    attributes = cart.attributes ?? {};
  }

  /* Reads before it writes: themes and other apps may have replaced the attributes, or a new cart begun. */
  async function assertCart() {
    const list = tokens();
    if (!allowed() || list.length === 0) return;
    const wanted = { _ref_token: list.join(","), _ref_device: device() };
    const response = await fetch(`${root}cart.js`);
    if (!response.ok) return;
    const cart = await response.json();
    attributes = cart.attributes ?? {};
    cartToken = cart.token;
    hasCode = cart.discount_codes?.length > 0;
    if (Object.entries(wanted).some(([key, value]) => attributes[key] !== value)) await writeCart(wanted);
  }

  async function bind() {
    const list = tokens();
    if (!customer) {
      stored("sessionStorage", BOUND_KEY, ""); // the next one to log in here is bound on their own account
      return;
    }
    if (!allowed()) return;
    device(); // whoever takes a link is known by it, so that a second account of theirs is seen to be theirs
    const set = list.join(",");
    if (list.length === 0 || stored("sessionStorage", BOUND_KEY) === set) return;
    await send(`${api}bind`, { tokens: list, device: device() });
    stored("sessionStorage", BOUND_KEY, set);
  }

  /* Asks once for what the newest link offers; a code is put on the cart where the visitor has none of their own. */
  async function claim() {
    const [token] = tokens();
    if (!allowed() || !token || stored("localStorage", CLAIMED_KEY) === token) return;
    const response = await post(`${api}claim`, { token, device: device(), cart: cartToken, locale });
    if (response.status === 429 || response.status >= 500) return; // asked again on the next page
    const { welcomeCode, retry, offer, from } = await response.json();
    if (retry) return;
    if (welcomeCode && !hasCode) {
      const back = encodeURIComponent(`${root}cart.js`);
      await fetch(`${root}discount/${encodeURIComponent(welcomeCode)}?redirect=${back}`);
    }
    stored("localStorage", CLAIMED_KEY, token);
    if (offer?.friend && banner) show(banner.replace("{from}", from || friend).replace("{offer}", offer.friend));
  }

  /* Says once what the link gave, in the theme's own font, above the page and not in it: nothing moves. */
  function show(text) {
    if (document.querySelector(".gw-join")) return; // says so itself
    const box = document.createElement("aside");
    box.setAttribute("role", "status");
    box.style.cssText =
      "position:fixed;z-index:99999;left:12px;right:12px;bottom:12px;max-width:26em;margin:auto;padding:8px 8px 8px 16px;display:flex;gap:8px;align-items:center;justify-content:space-between;background:#fff;color:#111;border:1px solid #767676;border-radius:8px;box-shadow:0 2px 12px #0003";
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = "\u00d7";
    close.setAttribute("aria-label", dismiss);
    close.style.cssText =
      "font:inherit;min-width:44px;min-height:44px;border:0;background:none;color:inherit;cursor:pointer";
    close.onclick = () => box.remove();
    document.body.append(box);
    box.append(text, close);
  }

  /* A page that somebody looks at says so: a link loaded as a picture or in a hidden frame never gets here. */
  async function confirmTap() {
    if (isConfirmed || !arrived || !allowed() || document.hidden || window.top !== window.self) return;
    isConfirmed = true;
    await send(`${api}seen`, { token: arrived, device: device() });
  }

  /* One thing at a time; what fails (offline, a restart) is tried again on the next page or cart change. */
  function next(step) {
    queue = queue.then(step).catch(() => undefined);
    return queue;
  }

  function checkoutStart() {
    const begun = Date.parse(attributes?._ref_cart_at ?? "");
    const fresh = Date.now() - begun < CHECKOUT_RESTS_MS;
    return fresh ? attributes._ref_cart_at : new Date().toISOString();
  }

  function checkoutAttributes() {
    const list = tokens();
    if (!allowed() || list.length === 0) return null;
    return { _ref_token: list.join(","), _ref_device: device(), _ref_cart_at: checkoutStart() };
  }

  /* A form carries what is known itself: its post leaves before any other request of ours would arrive. */
  function onSubmit({ target: form, submitter }) {
    const wanted = checkoutAttributes();
    if (!wanted) return;
    const field = (name) => form.elements.namedItem(name);
    const put = (name, value) =>
      form.append(Object.assign(field(name) ?? document.createElement("input"), { type: "hidden", name, value }));
    // it becomes a line of the new customer's note
    if (field("form_type")?.value === "create_customer") put("customer[note][ref_token]", tokens()[0]);
    const goes = new URL(submitter?.formAction || form.action, window.location.href).pathname;
    if (submitter?.name !== "checkout" && !/\/checkout\b/.test(goes)) return;
    for (const [key, value] of Object.entries(wanted)) put(`attributes[${key}]`, value);
  }

  function onClick(event) {
    const link = event.target?.closest?.('a[href*="/checkout"]');
    const wanted = link && checkoutAttributes();
    if (wanted) void next(() => writeCart(wanted));
  }

  function remember() {
    if (!allowed()) {
      if (shopify.customerPrivacy?.currentVisitorConsent?.().marketing === "no") cleanAddress();
      return;
    }
    cleanAddress();
    const set = tokens().join(",");
    if (set !== "") {
      cookie(set);
      stored("localStorage", TOKENS_KEY, set);
    }
    void next(assertCart);
    void next(bind);
    void next(confirmTap);
    void next(claim);
  }

  function forget() {
    const known = tokens().length > 0;
    cleanAddress();
    arrived = "";
    cookie("");
    for (const key of [TOKENS_KEY, DEVICE_KEY, CLAIMED_KEY]) stored("localStorage", key, "");
    stored("sessionStorage", BOUND_KEY, "");
    if (known) void next(() => writeCart({ _ref_token: null, _ref_device: null, _ref_cart_at: null }));
  }

  function onConsent(event) {
    const answer = event.detail?.marketingAllowed;
    if (answer === false || (answer === undefined && !allowed())) forget();
    else remember();
  }

  function onCartChange(event) {
    // the event fires as the change starts; reading the cart is only worth it when the change is through
    void next(() => Promise.resolve(event.promise).then(assertCart, assertCart));
  }

  let arrived = tokenIn(window.location.href) || tokenIn(document.referrer);
  document.addEventListener("visitorConsentCollected", onConsent);
  document.addEventListener("visibilitychange", () => void next(confirmTap));
  document.addEventListener("submit", onSubmit, true);
  document.addEventListener("click", onClick, true);
  document.addEventListener("shopify:cart:lines-update", onCartChange);
  document.addEventListener("shopify:cart:attributes-update", onCartChange);
  if (shopify?.loadFeatures && !shopify.customerPrivacy) {
    shopify.loadFeatures([{ name: "consent-tracking-api", version: "0.1" }], (error) => {
      if (!error) remember(); // without an answer about consent, nothing is kept
    });
  } else remember();
}
