/*
 * Runs the app's web pixel beside a checkout, as Shopify's pixel manager does: in a worker of its own, not before marketing is
 * allowed, and with the page's cookies and storage only by asking.
 */
"use strict";
{
  const { event, checkout, settings, shop } = JSON.parse(document.getElementById("pixel-facts").textContent);

  function report(outcome, more = {}) {
    void fetch("/_pixel/seen", {
      method: "POST",
      keepalive: true,
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ event, checkoutToken: checkout.token, outcome, ...more }),
    });
  }

  function look(kind, name) {
    try {
      if (kind === "localStorage") return window.localStorage.getItem(name);
      const pair = document.cookie.split("; ").find((each) => each.startsWith(`${name}=`));
      return pair?.slice(name.length + 1) ?? "";
    } catch {
      return kind === "localStorage" ? null : ""; // a browser that refuses storage has nothing in it
    }
  }

  function start() {
    const worker = new Worker("/_pixel/pixel.js");
    worker.addEventListener("message", ({ data }) => {
      if (data.ask) worker.postMessage({ answer: data.ask, value: look(data.kind, data.name) });
      if (data.heard) report("heard");
      if (data.told) report("told", data.told);
    });
    const init = { data: { shop: { myshopifyDomain: shop } }, customerPrivacy: { marketingAllowed: true } };
    worker.postMessage({ init, settings });
    worker.postMessage({ event, data: { checkout } });
    document.addEventListener("visitorConsentCollected", ({ detail }) => {
      worker.postMessage({ consent: { marketingAllowed: detail.marketingAllowed } });
    });
  }

  window.Shopify.loadFeatures([{ name: "consent-tracking-api", version: "0.1" }], () => {
    if (window.Shopify.customerPrivacy.marketingAllowed()) {
      start();
      return;
    }
    report("not_allowed");
    // events wait for the answer, as long as the page is open
    const onConsent = ({ detail }) => {
      if (!detail.marketingAllowed) return;
      document.removeEventListener("visitorConsentCollected", onConsent);
      start();
    };
    document.addEventListener("visitorConsentCollected", onConsent);
  });
}
