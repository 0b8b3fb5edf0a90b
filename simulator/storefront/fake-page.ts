import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
import { bannerTexts } from "./banner-texts.ts";

/** Where the theme extension keeps the script that real shops load. */
export const REFERRAL_SCRIPT_URL = new URL("../../extensions/referral-storefront/assets/referral.js", import.meta.url);

/** What a browser keeps between two pages of one shop. */
export type FakeBrowser = {
  cookies: Map<string, string>;
  local: Map<string, string>;
  session: Map<string, string>;
  cart: Map<string, string>;
  discountCodes: string[];
};

/** One call that the script made. */
export type FakeCall = { url: string; body: unknown };

export type FakeEvent = {
  type: string;
  target?: unknown;
  detail?: unknown;
  promise?: Promise<unknown>;
  submitter?: unknown;
};

/** What the script made of the page's elements, as far as a test looks at it. */
export type FakeElement = {
  attributes: Map<string, string>;
  children: unknown[];
  style: { cssText?: string };
  onclick?: () => void;
};

export type FakePage = {
  calls: FakeCall[];
  /** What stands in the page because of the script. */
  shown: FakeElement[];
  href: () => string;
  fire: (event: FakeEvent) => void;
  settled: () => Promise<void>;
};

export type FakePageOptions = {
  url?: string;
  /** The page is the app's own landing page. */
  isLanding?: boolean;
  /** The page that was left for this one. */
  referrer?: string;
  customer?: boolean;
  /** null: the shop has no consent banner. */
  marketingAllowed?: boolean | null;
  /** Marketing is not allowed because the visitor said so, on an earlier page. */
  hasRefused?: boolean;
  /** What `Shopify.loadFeatures` answers in a shop whose privacy API is not there yet; absent: there is no such thing. */
  privacyLoads?: "in_time" | "never" | "with_error";
  proxyRoot?: string;
  /** Of the theme's page. */
  locale?: string;
  /** Status of the shop's answers, by path. */
  statuses?: Record<string, number>;
  /** What the app says to a claim. */
  claim?: unknown;
  now?: string;
  /** Mutable: a page comes into sight. */
  hidden?: boolean;
  /** The page stands in a frame of another one. */
  framed?: boolean;
};

/** @returns a browser that has never been to the shop */
export function newFakeBrowser(): FakeBrowser {
  return { cookies: new Map(), local: new Map(), session: new Map(), cart: new Map(), discountCodes: [] };
}

function storageOver(map: Map<string, string>): object {
  return {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
    removeItem: (key: string) => void map.delete(key),
  };
}

function cartAnswer(browser: FakeBrowser): unknown {
  return {
    token: "cart",
    attributes: Object.fromEntries(browser.cart),
    discount_codes: browser.discountCodes.map((code) => ({ code })),
  };
}

function applyToCart(browser: FakeBrowser, body: unknown): void {
  if (typeof body !== "object" || body === null || !("attributes" in body)) return;
  for (const [key, value] of Object.entries(body.attributes ?? {})) {
    if (value === null) browser.cart.delete(key);
    else browser.cart.set(key, String(value));
  }
}

function fakeFetch(browser: FakeBrowser, calls: FakeCall[], { statuses = {}, claim = {} }: FakePageOptions) {
  return (url: string, init?: { body?: string }) => {
    const body: unknown = init?.body === undefined ? null : JSON.parse(init.body);
    calls.push({ url, body });
    const status = statuses[url] ?? 200;
    if (status === 200 && url === "/cart/update.js") applyToCart(browser, body);
    const applied = /^\/discount\/([^?]+)/.exec(url)?.[1];
    if (applied !== undefined) browser.discountCodes = [decodeURIComponent(applied)];
    const ownAnswer = url.endsWith("/api/claim") ? claim : { bound: true };
    const answer = url.startsWith("/cart") ? cartAnswer(browser) : ownAnswer;
    return Promise.resolve({ ok: status === 200, status, json: () => Promise.resolve(answer) });
  };
}

function fakeDocument(
  browser: FakeBrowser,
  options: FakePageOptions,
  listeners: Map<string, (event: FakeEvent) => void>,
  shown: FakeElement[],
): object {
  return {
    get hidden() {
      return options.hidden === true;
    },
    referrer: options.referrer ?? "",
    querySelector: (wanted: string) => (options.isLanding === true && wanted === ".gw-join" ? {} : null),
    body: { append: (element: FakeElement) => void shown.push(element) },
    currentScript: {
      dataset: {
        proxyRoot: options.proxyRoot ?? "/a/r",
        customer: options.customer === true ? "1" : "",
        ...bannerTexts(options.locale ?? "en"),
      },
    },
    get cookie() {
      return [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    },
    set cookie(text: string) {
      const [pair = "", ...facts] = text.split("; ");
      const [name = "", value = ""] = pair.split("=");
      if (facts.includes("Max-Age=0")) browser.cookies.delete(name);
      else browser.cookies.set(name, value);
    },
    addEventListener: (type: string, listener: (event: FakeEvent) => void) => void listeners.set(type, listener),
    createElement: () => {
      const element = {
        attributes: new Map<string, string>(),
        children: [] as unknown[],
        style: {},
        setAttribute: (name: string, value: string) => void element.attributes.set(name, value),
        append: (...children: unknown[]) => void element.children.push(...children),
        remove: () => void shown.splice(shown.indexOf(element), 1),
      };
      return element;
    },
  };
}

/**
 * Opens a page of a shop in a browser made of maps and runs the theme extension's script in it.
 * @returns what the script did, and a way to send it the events a theme would
 */
export function openFakePage(browser: FakeBrowser, options: FakePageOptions = {}): FakePage {
  const calls: FakeCall[] = [];
  const shown: FakeElement[] = [];
  const listeners = new Map<string, (event: FakeEvent) => void>();
  const location = new URL(options.url ?? "https://freshbox.example/");
  const privacy = {
    marketingAllowed: () => options.marketingAllowed,
    currentVisitorConsent: () => ({ marketing: options.hasRefused === true ? "no" : "" }),
  };
  class PageDate extends Date {
    static override now(): number {
      return Date.parse(options.now ?? "2026-11-20T10:00:00.000Z");
    }
    constructor(value: number | string = PageDate.now()) {
      super(value);
    }
  }
  const window = {
    location,
    history: {
      state: null,
      replaceState: (_state: unknown, _title: string, path: string) =>
        void (location.href = new URL(path, location).href),
    },
    crypto: { randomUUID: () => "11111111-2222-4333-8444-555555555555" },
    localStorage: storageOver(browser.local),
    sessionStorage: storageOver(browser.session),
    Shopify: {
      routes: { root: "/" },
      ...(options.privacyLoads === undefined
        ? {}
        : { loadFeatures: (_: unknown, then: (error?: Error) => void) => load(then) }),
      ...(typeof options.marketingAllowed === "boolean" && options.privacyLoads === undefined
        ? { customerPrivacy: privacy }
        : {}),
    },
  };
  const load = (then: (error?: Error) => void): void => {
    if (options.privacyLoads === "in_time") Object.assign(window.Shopify, { customerPrivacy: privacy });
    if (options.privacyLoads !== "never") then(options.privacyLoads === "in_time" ? undefined : new Error("blocked"));
  };
  Object.assign(window, { self: window, top: options.framed === true ? {} : window });
  runInNewContext(readFileSync(REFERRAL_SCRIPT_URL, "utf8"), {
    window,
    document: fakeDocument(browser, options, listeners, shown),
    fetch: fakeFetch(browser, calls, options),
    URL,
    Date: PageDate,
  });
  return {
    calls,
    shown,
    href: () => location.href,
    fire: (event) => listeners.get(event.type)?.(event),
    settled: () => new Promise((resolve) => setTimeout(resolve, 5)),
  };
}
