import { BlockStack, Card, InlineStack, Link, Text } from "@shopify/polaris";
import type { LinkedReferralsView, ReferralRowView } from "../../read-models.ts";
import { StateBadge } from "../referrals/state-badge.tsx";

const GROUPS = [
  { key: "byFriend", title: "Made by this friend" },
  { key: "likeFriend", title: "Friends with the same card, browser or address" },
  { key: "ofReferrer", title: "How the referrer came" },
] as const;

/** Other referrals that bear on this one; nothing is drawn where there are none. */
export function LinkedReferrals({ linked }: { linked: LinkedReferralsView }) {
  const groups = GROUPS.filter(({ key }) => linked[key].length > 0);
  if (groups.length === 0) return null;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Linked referrals
        </Text>
        {groups.map(({ key, title }) => (
          <BlockStack gap="100" key={key}>
            <Text as="h3" variant="headingSm">
              {title}
            </Text>
            {linked[key].map((row) => (
              <Line key={row.id} row={row} />
            ))}
          </BlockStack>
        ))}
      </BlockStack>
    </Card>
  );
}

function Line({ row }: { row: ReferralRowView }) {
  return (
    <InlineStack gap="200" blockAlign="center">
      <Link url={`/app/referrals/${row.id}`}>
        {`${row.friend ?? `Friend ${row.shortId}`}, by ${row.referrer ?? "a customer"}`}
      </Link>
      <StateBadge state={row.state} />
    </InlineStack>
  );
}
