import { useEffect, useState } from "preact/hooks";
import { ask, isRecord, textOf } from "./api.ts";
import type { Answer } from "./api.ts";
import { worthOf } from "./worth.ts";
import type { Worth } from "./worth.ts";

/** A customer's link, and what it promises. */
export type Link = {
  readonly code: string;
  readonly url: string;
  readonly invite: string;
  readonly friendGets: Worth;
  readonly referrerGets: Worth;
};

/** Why there is no link: each is a notice with words of its own. */
export type Notice = "buy_first" | "paused" | "logged_out" | "not_set_up" | "unreachable";

export type LinkAnswer =
  { readonly outcome: "link"; readonly link: Link } | { readonly outcome: "notice"; readonly notice: Notice };

const NOTICES: Readonly<Record<string, Notice>> = {
  buy_first: "buy_first",
  campaign_closed: "paused",
  currency_changed: "paused",
  customer_required: "logged_out",
  unauthorised: "logged_out",
  foreign_audience: "not_set_up",
  shop_unknown: "not_set_up",
};

/** What stands in the way, for an answer that is not the one hoped for. */
export function noticeOf(answer: Exclude<Answer, { outcome: "ok" }>): Notice {
  return answer.outcome === "refused" ? (NOTICES[answer.code] ?? "unreachable") : "unreachable";
}

/** Fetches the customer's link; asking mints it where there is none yet. */
export async function fetchLink(): Promise<LinkAnswer> {
  const answer = await ask("link", {});
  if (answer.outcome !== "ok") return { outcome: "notice", notice: noticeOf(answer) };
  const { code, link: url, invite, worth } = answer.body;
  if (textOf(url) === "") return { outcome: "notice", notice: "unreachable" };
  const promised = isRecord(worth) ? worth : {};
  const link = {
    code: textOf(code),
    url: textOf(url),
    invite: textOf(invite).replaceAll("{{link}}", textOf(url)),
    friendGets: worthOf(promised["friend"]),
    referrerGets: worthOf(promised["referrer"]),
  };
  return { outcome: "link", link };
}

/**
 * The words for a text message, asked for anew when the message changes; empty until the app has answered, and where it does
 * not: the message itself then goes out.
 */
export function useShortWords({ invite, url }: Pick<Link, "invite" | "url">): string {
  const [short, setShort] = useState("");
  useEffect(() => {
    let isCurrent = true;
    void ask("invite", { channel: "sms" }).then((answer) => {
      if (!isCurrent) return;
      setShort(answer.outcome === "ok" ? textOf(answer.body["invite"]).replaceAll("{{link}}", url) : "");
    });
    return () => {
      isCurrent = false;
    };
  }, [invite, url]);
  return short;
}

/**
 * Runs a question when the component appears and again on `retry`; null while there is no answer.
 * @param question the same function at every drawing, or it is asked anew each time
 */
export function useAnswer<T>(question: () => Promise<T>): { readonly answer: T | null; readonly retry: () => void } {
  const [answer, setAnswer] = useState<T | null>(null);
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    setAnswer(null);
    void question().then((given) => {
      if (isCurrent) setAnswer(() => given);
    });
    return () => {
      isCurrent = false;
    };
  }, [asked, question]);
  return { answer, retry: () => setAsked((count) => count + 1) };
}
