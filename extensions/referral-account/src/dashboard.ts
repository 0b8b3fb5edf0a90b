import { ask, recordsOf, textOf } from "../../shared/api.ts";
import { fetchLink, noticeOf } from "../../shared/use-link.ts";
import type { Link, Notice } from "../../shared/use-link.ts";
import { worthOf } from "../../shared/worth.ts";
import type { Worth } from "../../shared/worth.ts";

export type Friend = {
  readonly id: string;
  /** First name; empty where none is known. */
  readonly name: string;
  readonly why: string;
  readonly at: string;
  readonly appeal: string;
};

export type Reward = { readonly code: string; readonly worth: Worth; readonly status: string };

/** Everything that a referrer is shown. Without a link the friends and rewards of earlier are shown all the same. */
export type Dashboard =
  | {
      readonly outcome: "shown";
      readonly link: Link | null;
      readonly notice: Notice | null;
      readonly friends: readonly Friend[];
      readonly rewards: readonly Reward[];
    }
  | { readonly outcome: "notice"; readonly notice: Notice };

const STILL_SHOWN: ReadonlySet<Notice> = new Set<Notice>(["buy_first", "paused"]);

/** Fetches the link first: whoever has none for good reasons still sees what came of it. */
export async function fetchDashboard(): Promise<Dashboard> {
  const link = await fetchLink();
  if (link.outcome === "notice" && !STILL_SHOWN.has(link.notice)) return link;
  const status = await ask("status");
  if (status.outcome !== "ok") return { outcome: "notice", notice: noticeOf(status) };
  return {
    outcome: "shown",
    link: link.outcome === "link" ? link.link : null,
    notice: link.outcome === "notice" ? link.notice : null,
    friends: recordsOf(status.body["referrals"]).map(friendOf),
    rewards: recordsOf(status.body["rewards"]).map(rewardOf),
  };
}

function friendOf(row: Readonly<Record<string, unknown>>): Friend {
  const { id, friend, why, at, appeal } = row;
  return { id: textOf(id), name: textOf(friend), why: textOf(why), at: textOf(at), appeal: textOf(appeal) };
}

function rewardOf(row: Readonly<Record<string, unknown>>): Reward {
  return { code: textOf(row["code"]), worth: worthOf(row), status: textOf(row["status"]) };
}
