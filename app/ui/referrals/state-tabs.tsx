import { useNavigate } from "@remix-run/react";
import { Tabs } from "@shopify/polaris";
import type { ReferralListView, ReferralStateView } from "../../read-models.ts";
import { formatCount } from "../format.ts";
import { STATE_WORDS } from "../why-words.ts";

const ORDER: readonly ReferralStateView[] = ["PENDING", "HELD", "REWARDED", "REJECTED", "EXPIRED", "VOIDED"];

/** A tab per state, each with its true count; the choice lives in the address, so it can be bookmarked. */
export function StateTabs({
  counts,
  selected,
}: {
  counts: ReferralListView["counts"];
  selected: ReferralStateView | null;
}) {
  const navigate = useNavigate();
  const all = ORDER.reduce((sum, state) => sum + counts[state], 0);
  const tabs = [
    { id: "all", content: `All (${formatCount(all)})`, url: "/app/referrals" },
    ...ORDER.map((state) => ({
      id: state.toLowerCase(),
      content: `${STATE_WORDS[state].label} (${formatCount(counts[state])})`,
      url: `/app/referrals?state=${state}`,
    })),
  ];
  return (
    <Tabs
      tabs={tabs.map(({ id, content }) => ({ id, content }))}
      selected={selected === null ? 0 : ORDER.indexOf(selected) + 1}
      onSelect={(index) => navigate(tabs[index]?.url ?? "/app/referrals")}
    />
  );
}
