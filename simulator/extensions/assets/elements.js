/*
 * Simple stand-ins for Shopify's web components (s-button and its like), as far as the app's extensions use them: the same
 * attributes and events, a plain look. Shopify's own are drawn by its host and cannot be had apart from it.
 */
const STYLE = new URL("./elements.css", import.meta.url).href;
/* Where a page of an extension is opened, and where the shop's own pages are. */
const PAGES = { "extension:referral-page/": "/account/referrals" };

function made(tag, facts = {}, ...children) {
  const element = Object.assign(document.createElement(tag), facts);
  element.append(...children);
  return element;
}

/* Draws itself again whenever one of its attributes changes. */
class Drawn extends HTMLElement {
  constructor() {
    super();
    this.attachShadow({ mode: "open" });
  }
  connectedCallback() {
    this.redraw();
  }
  attributeChangedCallback() {
    if (this.isConnected) this.redraw();
  }
  redraw() {
    const style = made("link", { rel: "stylesheet", href: STYLE });
    this.shadowRoot.replaceChildren(style, ...this.draw());
  }
  given(name) {
    return this.getAttribute(name) ?? "";
  }
}

function define(tag, attributes, draw, more = {}) {
  class Element extends Drawn {
    static observedAttributes = attributes.map((name) => name.toLowerCase());
    draw() {
      return draw(this);
    }
  }
  Object.defineProperties(Element.prototype, Object.getOwnPropertyDescriptors(more));
  customElements.define(tag, Element);
}

const ROLES = { "unordered-list": "list", "list-item": "listitem", status: "status", section: "region" };

function role(host) {
  const wanted = ROLES[host.given("accessibilityrole")];
  if (wanted !== undefined) host.setAttribute("role", wanted);
}

function headed(host, level) {
  const heading = host.given("heading");
  const parts = heading === "" ? [] : [made(`h${level}`, { textContent: heading })];
  const sub = host.given("subheading");
  return [...parts, ...(sub === "" ? [] : [made("p", { className: "subdued", textContent: sub })]), made("slot")];
}

define("s-page", ["heading", "subheading"], (host) => headed(host, 1));
define("s-section", ["heading"], (host) => [made("div", { className: "section" }, ...headed(host, 2))]);
define("s-heading", [], () => [made("h3", {}, made("slot"))]);
define("s-paragraph", [], () => [made("p", {}, made("slot"))]);
define("s-divider", [], () => [made("hr")]);
define("s-text", ["type", "color"], () => [made("slot")]);
define("s-badge", ["tone"], () => [made("slot")]);
define("s-stack", ["direction", "gap", "accessibilityRole"], (host) => {
  role(host);
  return [made("slot")];
});
define("s-admin-block", ["heading"], (host) => [made("div", { className: "section" }, ...headed(host, 2))]);
define("s-banner", ["heading", "tone"], (host) => {
  const label = host.given("heading");
  const box = made(
    "div",
    { className: `banner ${host.given("tone")}` },
    made("strong", { textContent: label }),
    made("slot"),
  );
  box.setAttribute("role", host.given("tone") === "warning" ? "alert" : "status");
  return [box];
});
define("s-spinner", ["accessibilityLabel"], () => [made("span", { className: "spinner", ariaHidden: "true" })]);
define("s-link", ["href", "target"], (host) => [anchor(host, "link")]);
define("s-button", ["href", "target", "disabled", "loading", "variant"], (host) => {
  if (host.hasAttribute("href")) return [anchor(host, "button")];
  const button = made("button", { type: "button", className: "button" }, made("slot"));
  button.disabled = host.hasAttribute("disabled") || host.hasAttribute("loading");
  button.addEventListener("click", () => {
    const [command, wanted] = [host.given("command"), document.getElementById(host.given("commandfor"))];
    if (command === "--copy") void wanted?.copy?.();
  });
  return [button];
});

/* "app:app/referrals/1" is a page of the app in the admin around it. */
function addressOf(href) {
  const [, path] = /^app:app(\/.*)$/.exec(href) ?? [];
  if (path === undefined) return PAGES[href] ?? href;
  const { base, appPath } = JSON.parse(document.getElementById("frame-facts").textContent);
  return base + appPath + path;
}

function anchor(host, className) {
  const href = host.given("href");
  const facts = { className, href: addressOf(href), target: host.given("target") };
  return made("a", { ...facts, rel: facts.target === "_blank" ? "noopener" : "" }, made("slot"));
}

define("s-clipboard-item", ["text"], () => [], {
  oncopyerror: null,
  async copy() {
    try {
      await navigator.clipboard.writeText(this.given("text"));
      this.dispatchEvent(new Event("copy"));
    } catch {
      this.dispatchEvent(new Event("copyerror")); // the extension says so
    }
  },
});
define("s-qr-code", ["content"], (host) => {
  const src = `/_extensions/qr?text=${encodeURIComponent(host.given("content"))}`;
  return [made("img", { src, alt: `QR: ${host.given("content")}`, width: 160, height: 160 })];
});
define("s-details", [], () => {
  const summary = made("summary", {}, made("slot", { name: "summary" }));
  return [made("details", {}, summary, made("div", { className: "folded" }, made("slot")))];
});
define("s-summary", [], (host) => {
  host.slot = "summary";
  return [made("slot")];
});
define(
  "s-text-area",
  ["label", "rows"],
  (host) => {
    const field = made("textarea", { rows: Number(host.given("rows")) || 3, value: host.typed ?? "" });
    field.addEventListener("input", () => {
      host.typed = field.value;
      host.dispatchEvent(new Event("input"));
    });
    return [made("label", {}, made("span", { textContent: host.given("label") }), field)];
  },
  {
    get value() {
      return this.typed ?? "";
    },
    set value(text) {
      if (this.typed === text) return;
      this.typed = text;
      if (this.isConnected) this.redraw();
    },
  },
);
define("s-option", ["value"], () => []);
define(
  "s-select",
  ["label"],
  (host) => {
    const options = [...host.querySelectorAll("s-option")].map((option) =>
      made("option", { value: option.getAttribute("value") ?? "", textContent: option.textContent }),
    );
    const list = made("select", {}, ...options);
    list.value = host.chosen ?? "";
    list.addEventListener("change", () => {
      host.chosen = list.value;
      host.dispatchEvent(new Event("change"));
    });
    return [made("label", {}, made("span", { textContent: host.given("label") }), list)];
  },
  {
    get value() {
      return this.chosen ?? "";
    },
    set value(text) {
      this.chosen = text;
      if (this.isConnected) this.redraw();
    },
  },
);
