import { Copy } from "../../shared/share-panel.tsx";
import { worthWords } from "../../shared/worth.ts";
import type { Reward } from "./dashboard.ts";

/** Ten states of a reward are six to whom it belongs. */
const STATES: Readonly<Record<string, string>> = {
  issued: "ready",
  redeemed: "used",
  expired: "expired",
  cancelled: "withdrawn",
  offset: "set_off",
};

/** Rewards with their codes, newest first as the app gives them. */
export function Rewards({ rewards }: { rewards: readonly Reward[] }) {
  const { translate } = shopify.i18n;
  return (
    <s-section heading={translate("rewards.heading")}>
      {rewards.length === 0 ? (
        <s-paragraph>{translate("rewards.none")}</s-paragraph>
      ) : (
        <s-stack gap="base" accessibilityRole="unordered-list">
          {rewards.map((reward, index) => (
            <RewardRow key={reward.code || index} reward={reward} id={`reward-${index}`} />
          ))}
        </s-stack>
      )}
    </s-section>
  );
}

function RewardRow({ reward, id }: { reward: Reward; id: string }) {
  const { translate } = shopify.i18n;
  const state = STATES[reward.status] ?? "on_its_way";
  const usable = state === "ready" && reward.code !== "";
  return (
    <s-stack gap="small-300" accessibilityRole="list-item">
      <s-stack direction="inline" gap="small" alignItems="center">
        <s-text type="strong">{worthWords(reward.worth)}</s-text>
        <s-badge tone={state === "ready" ? "auto" : "neutral"}>{translate(`rewards.state.${state}`)}</s-badge>
        {reward.code !== "" && !usable && <s-text color="subdued">{reward.code}</s-text>}
      </s-stack>
      {usable && (
        <s-stack direction="inline" gap="small" alignItems="center">
          <s-text type="strong">{reward.code}</s-text>
          <Copy id={id} text={reward.code} label={translate("rewards.copy")} />
        </s-stack>
      )}
    </s-stack>
  );
}
