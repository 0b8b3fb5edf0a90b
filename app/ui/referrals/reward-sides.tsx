import { Badge, BlockStack, Card, InlineStack, Text } from "@shopify/polaris";
import type { SideRewardView } from "../../read-models.ts";
import { formatDay, formatWorth } from "../format.ts";
import { rewardStatusWords } from "../why-words.ts";

type Props = { rewards: readonly SideRewardView[]; referrer: string | null; friend: string | null };

/** What each side gets: promised, given with its code, or not owed. */
export function RewardSides({ rewards, referrer, friend }: Props) {
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          Rewards
        </Text>
        {rewards.length === 0 && <Text as="p">Nothing is owed to either side.</Text>}
        {rewards.map((reward, index) => {
          const { label, tone } = rewardStatusWords(reward.status);
          const name = reward.side === "referrer" ? referrer : friend;
          return (
            <BlockStack gap="100" key={`${reward.side} ${String(index)}`}>
              <InlineStack align="space-between" blockAlign="center" gap="200">
                <Text as="h3" variant="headingSm">
                  {`${reward.side === "referrer" ? "Referrer" : "Friend"}${name === null ? "" : `, ${name}`}`}
                </Text>
                {tone === undefined ? <Badge>{label}</Badge> : <Badge tone={tone}>{label}</Badge>}
              </InlineStack>
              <Text as="p">{formatWorth(reward.worth)}</Text>
              {reward.code !== null && (
                <p>
                  <span className="gw-code">{reward.code}</span>
                </p>
              )}
              {reward.expiresAt !== null && (
                <Text
                  as="p"
                  variant="bodySm"
                  tone="subdued"
                >{`Valid until the end of ${formatDay(lastDayOf(reward.expiresAt))}`}</Text>
              )}
            </BlockStack>
          );
        })}
      </BlockStack>
    </Card>
  );
}

/** A code ends with the instant, so its last day is the one before a midnight. */
function lastDayOf(expiresAt: string): string {
  return new Date(Date.parse(expiresAt) - 1).toISOString();
}
