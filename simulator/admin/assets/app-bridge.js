/*
 * Stands in for Shopify's App Bridge in the app's own pages: gives window.shopify, signs same-origin requests with a
 * fresh id token, keeps the admin's address in step, and draws toast, save bar and modal inside the app's document
 * (the real ones are drawn by the admin around it). The block keeps its names out of the app's way.
 */
"use strict";
{
  const script = document.currentScript;
  const simulator = new URL(script.src).origin;
  const params = new URLSearchParams(window.location.search);
  const FRAME_PARAMS = ["embedded", "shop", "host", "id_token", "locale", "session", "timestamp", "hmac"];
  const TOAST_MS = 5000;

  /* The first page of a visit has these in its address; later ones only what was kept. */
  function frameFact(name) {
    try {
      const given = params.get(name);
      if (given !== null) window.sessionStorage.setItem(`bridge_${name}`, given);
      return given ?? window.sessionStorage.getItem(`bridge_${name}`) ?? "";
    } catch {
      return params.get(name) ?? ""; // storage of a frame may be refused
    }
  }

  const apiKey = script.dataset.apiKey ?? document.querySelector('meta[name="shopify-api-key"]')?.content ?? "";
  const config = { apiKey, shop: frameFact("shop"), host: frameFact("host"), locale: frameFact("locale") || "en" };
  const sheet = new CSSStyleSheet();
  const HIDDEN = "ui-nav-menu, s-app-nav, ui-title-bar, ui-save-bar, ui-modal { display: none !important; }";
  sheet.replaceSync(HIDDEN);
  void fetch(`${simulator}/_assets/app-bridge.css`)
    .then((response) => response.text())
    .then((css) => sheet.replace(HIDDEN + css));
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];

  function tell(message) {
    if (window.parent !== window) window.parent.postMessage({ bridge: true, ...message }, "*"); // carries nothing secret
  }

  function element(tag, facts, ...children) {
    const made = Object.assign(document.createElement(tag), facts);
    made.append(...children);
    return made;
  }

  function button(label, primary, onclick) {
    const made = element("button", { type: "button", className: "bridge-button", onclick }, label);
    made.toggleAttribute("data-primary", primary);
    return made;
  }

  const plainFetch = window.fetch.bind(window);

  async function idToken() {
    const response = await plainFetch(`${simulator}/_bridge/id-token?shop=${encodeURIComponent(config.shop)}`);
    if (!response.ok) throw new Error(`No id token for ${config.shop || "this page"}: ${response.status}`);
    return (await response.json()).idToken;
  }

  async function signedFetch(input, init) {
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
    if (!headers.has("Authorization")) headers.set("Authorization", `Bearer ${await idToken()}`);
    headers.set("X-Requested-With", "XMLHttpRequest");
    return plainFetch(input instanceof Request ? input.clone() : input, { ...init, headers });
  }

  window.fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input, window.location.href);
    if (url.origin !== window.location.origin) return plainFetch(input, init);
    let response = await signedFetch(input, init);
    if (response.headers.has("X-Shopify-Retry-Invalid-Session-Request")) response = await signedFetch(input, init);
    if (response.headers.get("X-Shopify-API-Request-Failure-Reauthorize") === "1") {
      const target = response.headers.get("X-Shopify-API-Request-Failure-Reauthorize-Url");
      if (target) window.open(new URL(target, window.location.href), "_top");
    }
    return response;
  };

  /* The app sends a page that came without a token here, to be reloaded with one. */
  async function bounce() {
    const target = new URL(params.get("shopify-reload"), window.location.href);
    if (target.origin !== window.location.origin) return;
    config.shop ||= target.searchParams.get("shop") ?? "";
    target.searchParams.set("id_token", await idToken());
    window.location.replace(target);
  }

  /* Toast */
  let toastNumber = 0;
  function showToast(message, options = {}) {
    toastNumber += 1;
    const id = `bridge-toast-${toastNumber}`;
    for (const old of document.querySelectorAll(".bridge-toast")) old.remove();
    const toast = element("div", { id, className: "bridge-toast", role: "status" }, message);
    toast.toggleAttribute("data-error", options.isError === true);
    document.body.append(toast);
    window.setTimeout(() => {
      toast.remove();
      options.onDismiss?.();
    }, options.duration ?? TOAST_MS);
    return id;
  }

  let saveBar = null; // what is being shown, with the thing it belongs to
  function showSaveBar(owner, save, discard) {
    if (saveBar?.owner === owner) return;
    saveBar?.bar.remove();
    const bar = element(
      "div",
      { className: "bridge-save", role: "region", ariaLabel: "Unsaved changes" },
      element("span", {}, "Unsaved changes"),
      button("Discard", false, discard),
      button("Save", true, save),
    );
    document.body.append(bar);
    saveBar = { owner, bar };
  }
  function hideSaveBar(owner) {
    if (!saveBar || (owner && saveBar.owner !== owner)) return;
    saveBar.bar.remove();
    saveBar = null;
  }
  function watchForm(event) {
    const form = event.target.closest?.("form[data-save-bar]");
    if (form)
      showSaveBar(
        form,
        () => form.requestSubmit(),
        () => form.reset(),
      );
  }
  for (const type of ["input", "change"]) document.addEventListener(type, watchForm);
  for (const type of ["submit", "reset"]) document.addEventListener(type, (event) => hideSaveBar(event.target));

  function openDialog(title, content, buttons) {
    const dialog = element(
      "dialog",
      { className: "bridge-dialog" },
      element("h2", {}, title),
      element("div", {}, content),
      element("footer", {}, ...buttons),
    );
    document.body.append(dialog);
    dialog.showModal();
    return dialog;
  }

  /* Resolves true when the page may be left: nothing unsaved, or the merchant says so. */
  function leaveConfirmation() {
    if (!saveBar) return Promise.resolve(true);
    return new Promise((resolve) => {
      const answer = (leave) => () => {
        dialog.remove();
        if (leave) hideSaveBar();
        resolve(leave);
      };
      const dialog = openDialog(
        "Leave page with unsaved changes?",
        "Leaving this page will delete all unsaved changes.",
        [button("Stay", false, answer(false)), button("Leave page", true, answer(true))],
      );
      dialog.addEventListener("cancel", answer(false));
    });
  }

  /* Elements of the app that the admin draws */
  class SaveBarElement extends HTMLElement {
    show() {
      const press = (selector) => () => this.querySelector(selector)?.click();
      showSaveBar(this, press('button[variant="primary"]'), press('button:not([variant="primary"])'));
      this.dispatchEvent(new CustomEvent("show"));
    }
    hide() {
      hideSaveBar(this);
      this.dispatchEvent(new CustomEvent("hide"));
    }
  }
  class ModalElement extends HTMLElement {
    content = document.createElement("div");
    show() {
      if (this.dialog) return;
      const bar = this.querySelector("ui-title-bar");
      const actions = [...(bar?.querySelectorAll("button") ?? [])].map((action) =>
        button(action.textContent, action.getAttribute("variant") === "primary", () => action.click()),
      );
      const content = this.content.hasChildNodes()
        ? this.content
        : element("div", {}, ...[...this.children].filter((child) => child !== bar));
      this.dialog = openDialog(bar?.getAttribute("title") ?? "", content, actions);
      this.dialog.addEventListener("close", () => this.hide());
      this.dispatchEvent(new CustomEvent("show"));
    }
    hide() {
      const open = this.dialog;
      if (!open) return;
      this.dialog = undefined;
      open.remove();
      this.dispatchEvent(new CustomEvent("hide"));
    }
  }
  const inert = ["ui-nav-menu", "s-app-nav", "ui-title-bar"].map((name) => [name, class extends HTMLElement {}]);
  for (const [name, made] of [...inert, ["ui-save-bar", SaveBarElement], ["ui-modal", ModalElement]]) {
    if (!customElements.get(name)) customElements.define(name, made);
  }
  const onElement = (verb) => async (id) => document.getElementById(id)?.[verb]?.();

  /* Navigation, both ways */
  let menu = "";
  function tellMenu() {
    const links = [...document.querySelectorAll("ui-nav-menu [href], s-app-nav [href]")].map((link) => ({
      href: link.getAttribute("href"),
      label: link.textContent.trim(),
      home: link.getAttribute("rel") === "home",
    }));
    if (links.length === 0 || JSON.stringify(links) === menu) return;
    menu = JSON.stringify(links);
    tell({ kind: "menu", links });
  }

  function tellPlace() {
    const url = new URL(window.location.href);
    for (const name of FRAME_PARAMS) url.searchParams.delete(name);
    tell({ kind: "navigated", path: url.pathname + url.search + url.hash, title: document.title });
    tellMenu();
  }
  for (const verb of ["pushState", "replaceState"]) {
    const plain = window.history[verb].bind(window.history);
    window.history[verb] = (...facts) => {
      plain(...facts);
      window.setTimeout(tellPlace, 0);
    };
  }
  window.addEventListener("popstate", tellPlace);
  window.addEventListener("DOMContentLoaded", () => {
    tellPlace();
    new MutationObserver(tellMenu).observe(document.documentElement, { childList: true, subtree: true });
  });

  async function follow(href) {
    if (!(await leaveConfirmation())) return;
    const link = [...document.querySelectorAll("ui-nav-menu [href], s-app-nav [href]")].find(
      (each) => each.getAttribute("href") === href,
    );
    link?.dispatchEvent(new CustomEvent("shopify:navigate", { bubbles: true }));
  }
  window.addEventListener("message", (event) => {
    if (event.source === window.parent && event.data?.bridge === true && event.data.kind === "navigate")
      void follow(event.data.href);
  });

  const ADMIN_LINK = /^shopify:(?:\/\/)?admin/;
  const plainOpen = window.open.bind(window);
  window.open = (url, ...facts) => {
    if (!ADMIN_LINK.test(String(url))) return plainOpen(url, ...facts);
    tell({ kind: "admin", path: String(url).replace(ADMIN_LINK, "") });
    return null;
  };
  document.addEventListener("click", (event) => {
    const href = event.target.closest?.("a[href]")?.getAttribute("href") ?? "";
    if (!ADMIN_LINK.test(href)) return;
    event.preventDefault();
    window.open(href);
  });

  const scopes = { granted: [], required: [], optional: [] };
  const allow = (wanted) =>
    plainFetch(`${simulator}/_bridge/scopes?shop=${config.shop}&scopes=${wanted}`, { method: "POST" });
  const activations = [{ target: "body", themeId: "gid://shopify/OnlineStoreTheme/1" }];
  const embed = { handle: "referral", name: "Goodword referrals", target: "body", status: "active", activations };
  window.shopify = {
    config,
    origin: simulator,
    ready: Promise.resolve(),
    idToken,
    toast: { show: showToast, hide: (id) => document.getElementById(id)?.remove() },
    saveBar: {
      show: onElement("show"),
      hide: onElement("hide"),
      toggle: async (id) => onElement(saveBar ? "hide" : "show")(id),
      leaveConfirmation: async () => void (await leaveConfirmation()),
    },
    modal: {
      show: onElement("show"),
      hide: onElement("hide"),
      toggle: async (id) => onElement(document.getElementById(id)?.dialog ? "hide" : "show")(id),
    },
    loading: (on = true) => tell({ kind: "loading", on }),
    environment: { mobile: false, embedded: window.parent !== window, pos: false, intent: false },
    user: async () => ({ id: 1, accountAccess: "full" }),
    scopes: {
      query: async () => scopes,
      request: (wanted) => allow(wanted).then(() => ({ result: "granted-all", detail: scopes })),
      revoke: async () => ({ detail: scopes }),
    },
    app: {
      extensions: async () => [{ handle: "referral-storefront", type: "theme_app_extension", activations: [embed] }],
    },
    webVitals: { onReport: async () => undefined },
  };
  if (params.has("shopify-reload")) void bounce();
}
