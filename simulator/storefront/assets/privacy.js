/*
 * Shopify's customer privacy API, as far as scripts of a theme and of apps use it: `Shopify.loadFeatures` brings
 * `Shopify.customerPrivacy`, the theme's banner asks, and every answer is told by `visitorConsentCollected`.
 */
"use strict";
{
  const FEATURE = "consent-tracking-api";
  const facts = JSON.parse(document.getElementById("privacy-facts").textContent);
  const KINDS = {
    analytics: "analytics",
    marketing: "marketing",
    preferences: "preferences",
    saleOfData: "sale_of_data",
  };
  let given = facts.given;

  const allowed = (kind) => given?.[kind] ?? !facts.mustAsk;
  const word = (kind) => (given === null ? "" : given[kind] ? "yes" : "no");

  async function setTrackingConsent(wanted, done) {
    const entries = Object.entries(KINDS).map(([kind, name]) => [kind, wanted[name] ?? allowed(kind)]);
    const answer = Object.fromEntries(entries);
    const response = await fetch("/_privacy/consent", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(answer),
    });
    if (!response.ok) {
      done?.({ error: `The answer was not kept: ${response.status}` });
      return;
    }
    given = answer;
    const detail = Object.fromEntries(Object.keys(KINDS).map((kind) => [`${kind}Allowed`, allowed(kind)]));
    Object.assign(detail, {
      firstPartyMarketingAllowed: detail.marketingAllowed,
      thirdPartyMarketingAllowed: detail.marketingAllowed && detail.saleOfDataAllowed,
    });
    document.dispatchEvent(new CustomEvent("visitorConsentCollected", { detail }));
    done?.();
  }

  const customerPrivacy = {
    analyticsProcessingAllowed: () => allowed("analytics"),
    marketingAllowed: () => allowed("marketing"),
    preferencesProcessingAllowed: () => allowed("preferences"),
    saleOfDataAllowed: () => allowed("saleOfData"),
    shouldShowBanner: () => facts.mustAsk && given === null,
    getRegion: () => facts.region,
    currentVisitorConsent: () => Object.fromEntries(Object.entries(KINDS).map(([kind, name]) => [name, word(kind)])),
    setTrackingConsent,
  };

  window.Shopify = {
    ...window.Shopify,
    loadFeatures(features, done) {
      const unknown = features.find(({ name }) => name !== FEATURE);
      if (unknown === undefined) window.Shopify.customerPrivacy = customerPrivacy;
      queueMicrotask(() => done?.(unknown && new Error(`There is no feature ${unknown.name}.`)));
    },
  };

  /* The theme's own part: a banner that waits for an answer, and a way to it in the footer. */
  function ask(banner) {
    const choose = (yes) => {
      const answer = Object.fromEntries(Object.values(KINDS).map((name) => [name, yes]));
      void setTrackingConsent(answer, (problem) => {
        banner.hidden = problem === undefined;
      });
    };
    banner.querySelector('[data-consent="yes"]').addEventListener("click", () => choose(true));
    banner.querySelector('[data-consent="no"]').addEventListener("click", () => choose(false));
    document.querySelector('[data-consent="ask"]')?.addEventListener("click", () => {
      banner.hidden = false;
      banner.querySelector("button").focus();
    });
    banner.hidden = !customerPrivacy.shouldShowBanner();
  }

  document.addEventListener("DOMContentLoaded", () => {
    const banner = document.getElementById("consent");
    if (banner !== null) window.Shopify.loadFeatures([{ name: FEATURE, version: "0.1" }], () => ask(banner));
  });
}
