/*
 * Runs the app's UI extensions on a page of the simulator, as Shopify runs them on its own: each in its own place, with the
 * `shopify` global and the texts of the reader's language, and without the page around it.
 */
import "./elements.js";

const LOGIN_SECONDS_MAX = 5;

function textAt(texts, key) {
  return key.split(".").reduce((node, part) => node?.[part], texts);
}

/* Shopify's `translate`: `{{name}}` is replaced, `count` chooses the plural form. */
function translator(texts, locale) {
  return (key, options = {}) => {
    const found = textAt(texts, key);
    const form =
      typeof found === "object" && found !== null
        ? found[new Intl.PluralRules(locale).select(options.count ?? 0)]
        : found;
    return String(form ?? key).replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (whole, name) => String(options[name] ?? whole));
  };
}

function i18nOf(texts, locale) {
  return {
    translate: translator(texts, locale),
    formatNumber: (value, options) => new Intl.NumberFormat(locale, options).format(value),
    formatCurrency: (value, options) => new Intl.NumberFormat(locale, { style: "currency", ...options }).format(value),
    formatDate: (date, options) => new Intl.DateTimeFormat(locale, options).format(date),
  };
}

/* A signal that never changes: what a page knows when it is opened. */
function fixed(value) {
  return { value, current: value, subscribe: () => () => undefined };
}

/* Signed for the member of staff where the host is the admin; as it is elsewhere, where the extension signs by itself. */
function fetchOf({ appUrl, tokenUrl }) {
  if (appUrl === undefined) return (address, init) => fetch(address, init);
  return async (path, init = {}) => {
    const headers = { ...init.headers, Authorization: `Bearer ${await sessionToken(tokenUrl)}` };
    return fetch(new URL(path, appUrl), { ...init, headers });
  };
}

async function sessionToken(tokenUrl) {
  const answer = await fetch(tokenUrl, { cache: "no-store", signal: AbortSignal.timeout(LOGIN_SECONDS_MAX * 1000) });
  if (!answer.ok) throw new Error("Shopify gave no session token.");
  const { token, idToken } = await answer.json();
  return token ?? idToken;
}

function shopifyOf({ target, locale, texts, tokenUrl, shop, facts }) {
  const i18n = i18nOf(texts, locale);
  const language = { isoCode: locale, name: locale };
  return {
    ...facts,
    extension: { target, apiVersion: "2026-07", capabilities: ["network_access"], editor: undefined, scriptUrl: "" },
    extensionPoint: target,
    i18n,
    localization: { language: fixed(language), extensionLanguage: fixed(language) },
    sessionToken: { get: () => sessionToken(tokenUrl) },
    settings: fixed({}),
    shop: { myshopifyDomain: shop, name: shop, id: "", storefrontUrl: window.location.origin },
    toast: { show: () => undefined },
  };
}

/* The extension's document: the page's own, but its body is the extension's place. */
function documentWithin(place) {
  return new Proxy(document, {
    get(target, key) {
      if (key === "body") return place;
      const value = Reflect.get(target, key);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

async function show(place) {
  const facts = JSON.parse(place.dataset.extension);
  place.lang = facts.locale;
  const shopify = shopifyOf({ ...facts, facts: facts.api ?? {} });
  const navigation = { navigate: (url) => window.location.assign(url), currentEntry: { url: window.location.href } };
  const { default: run } = await import(facts.script);
  await run(documentWithin(place), shopify, navigation, fetchOf(facts));
}

for (const place of document.querySelectorAll("[data-extension]")) void show(place);
