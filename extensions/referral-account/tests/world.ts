import { readFileSync } from "node:fs";
import { join } from "node:path";
import { options } from "preact";

// Effects run at once: Preact's own timer for them would outlive the page of the last test.
options.requestAnimationFrame = (flush) => void Promise.resolve().then(flush);

/** What the app answers, path by path; a path that is not there cannot be reached. */
export type Answers = Readonly<Record<string, { readonly status: number; readonly body: unknown }>>;

export const LINK = {
  code: "7QK2A",
  link: "https://freshbox.example/a/r/7QK2A",
  invite: "I get my box from FreshBox. Here is £10 off: https://freshbox.example/a/r/7QK2A",
  offer: { referrer: "£10 off", friend: "£10 off" },
  worth: { referrer: { kind: "fixed", value: "10.00 GBP" }, friend: { kind: "percent", value: "12.5%" } },
};

export const STATUS = {
  referrals: [
    {
      id: "r1",
      friend: "Mara",
      state: "PENDING",
      why: "in_cooling_off",
      at: "2026-11-03T10:00:00.000Z",
      appeal: "none",
    },
    {
      id: "r2",
      friend: null,
      state: "EXPIRED",
      why: "link_expired",
      at: "2026-10-01T10:00:00.000Z",
      appeal: "possible",
    },
  ],
  rewards: [
    { code: "ABCD2345EFGH6789", value: "10.00 GBP", kind: "fixed", status: "issued" },
    { code: null, value: "10.00 GBP", kind: "fixed", status: "owed" },
  ],
};

/** Everything in order. */
export const ALL_WELL: Answers = {
  link: { status: 200, body: LINK },
  status: { status: 200, body: STATUS },
  appeal: { status: 200, body: { appealed: true } },
  invite: { status: 200, body: { channel: "copy", invite: `Other words ${LINK.link}`, rewritesLeft: 4 } },
  "invite:sms": { status: 200, body: { channel: "sms", invite: `Short: ${LINK.link}`, rewritesLeft: 4 } },
};

export type Asked = { readonly path: string; readonly method: string; readonly token: string; readonly body: unknown };

/**
 * A network that answers as told, and remembers what it was asked; apart, the asks for short words, which come when they come.
 * `invite:sms` answers those, else `invite`.
 */
export function network(answers: Answers): {
  readonly fetch: typeof fetch;
  readonly asked: Asked[];
  readonly shortAsked: Asked[];
} {
  const [asked, shortAsked]: [Asked[], Asked[]] = [[], []];
  const answer = async (url: unknown, init?: RequestInit): Promise<Response> => {
    const path = new URL(String(url)).pathname.replace("/api/customer/", "");
    const token = new Headers(init?.headers).get("authorization") ?? "";
    const body = bodyOf(init);
    const isShort = JSON.stringify(body) === JSON.stringify({ channel: "sms" });
    (isShort ? shortAsked : asked).push({ path, method: init?.method ?? "GET", token, body });
    const given = (isShort ? answers["invite:sms"] : undefined) ?? answers[path];
    if (given === undefined) throw new TypeError("Failed to fetch");
    return new Response(JSON.stringify(given.body), { status: given.status });
  };
  return { fetch: answer, asked, shortAsked };
}

function bodyOf(init: RequestInit | undefined): unknown {
  return typeof init?.body === "string" ? JSON.parse(init.body) : null;
}

/** An error as the app answers it. */
export function refusal(status: number, code: string): { status: number; body: unknown } {
  return { status, body: { error: { code, message: "" } } };
}

type Translate = (key: string, options?: Readonly<Record<string, string | number>>) => string;

/** Shopify's texts in one language of an extension: plurals by `count`, money and dates as that language writes them. */
export function textsOf(extension: string, locale: string): Translate {
  const file = locale === "en" ? "en.default" : locale;
  const folder = join(import.meta.dirname, "..", "..", extension, "locales");
  const texts: unknown = JSON.parse(readFileSync(join(folder, `${file}.json`), "utf8"));
  return (key, options = {}) => {
    const found = key.split(".").reduce<unknown>((node, part) => Reflect.get(Object(node), part), texts);
    const form = new Intl.PluralRules(locale).select(Number(options["count"] ?? 0));
    const text: unknown = typeof found === "object" && found !== null ? Reflect.get(found, form) : found;
    if (typeof text !== "string") throw new Error(`${file}.json has no text for ${key}`);
    return text.replaceAll(/\{\{(\w+)\}\}/g, (_all, name: string) => String(options[name] ?? `{{${name}}}`));
  };
}
