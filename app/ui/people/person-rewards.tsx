import { Badge, BlockStack, Card, InlineStack, Link, Text } from "@shopify/polaris";
import type { PersonRewardView } from "../../read-models.ts";
import { formatDay, formatWorth } from "../format.ts";
import { rewardStatusWords } from "../why-words.ts";

const KIND_WORDS: Readonly<Record<string, string>> = {
  welcome: "welcome code",
  goodwill: "goodwill",
  replacement: "replacement",
};

/** Every reward of one customer, newest first. */
export function PersonRewards({ rewards }: { rewards: readonly PersonRewardView[] }) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Rewards
        </Text>
        {rewards.length === 0 && <Text as="p">Nothing yet.</Text>}
        {rewards.map((reward) => (
          <Reward key={reward.id} reward={reward} />
        ))}
      </BlockStack>
    </Card>
  );
}

function Reward({ reward }: { reward: PersonRewardView }) {
  const { label, tone } = rewardStatusWords(reward.status);
  const kind = KIND_WORDS[reward.kind] ?? (reward.side === "friend" ? "as a friend" : null);
  const day = formatDay(reward.givenAt);
  return (
    <BlockStack gap="050">
      <InlineStack align="space-between" blockAlign="center" gap="200">
        <Text as="span" fontWeight="semibold">
          {`${formatWorth(reward.worth)}${kind === null ? "" : `, ${kind}`}`}
        </Text>
        {tone === undefined ? <Badge>{label}</Badge> : <Badge tone={tone}>{label}</Badge>}
      </InlineStack>
      {reward.code !== null && (
        <p>
          <span className="gw-code">{reward.code}</span>
        </p>
      )}
      <Text as="span" variant="bodySm" tone="subdued">
        {reward.referralId === null ? day : <Link url={`/app/referrals/${reward.referralId}`}>{day}</Link>}
      </Text>
    </BlockStack>
  );
}
