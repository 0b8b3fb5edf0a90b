import { Badge, BlockStack, Card, InlineStack, Text } from "@shopify/polaris";
import type { HealthView } from "../../read-models.ts";
import { formatCount, formatDuration } from "../format.ts";

type Line = { readonly title: string; readonly detail: string; readonly count: number; readonly isFault: boolean };

/** What waits and what got stuck, each with its count and what it means. */
export function WorkCard({ health }: { health: HealthView }) {
  const lines: Line[] = [
    {
      title: "Events from Shopify waiting",
      detail: waiting(health.inboxWaiting, health.inboxOldestSeconds),
      count: health.inboxWaiting,
      isFault: false,
    },
    {
      title: "Events that could not be used",
      detail: "Kept with their reason; nothing is retried by itself.",
      count: health.inboxDead,
      isFault: true,
    },
    {
      title: "Work that is due",
      detail: waiting(health.outboxWaiting, health.outboxOldestSeconds),
      count: health.outboxWaiting,
      isFault: false,
    },
    {
      title: "Work that gave up",
      detail: "Tried many times without success.",
      count: health.outboxDead,
      isFault: true,
    },
    {
      title: "Rewards that Shopify refused",
      detail: "They stay owed until the cause is gone.",
      count: health.rewardsBlocked,
      isFault: true,
    },
    {
      title: "Thank-you notes with an unknown end",
      detail: "Perhaps sent, perhaps not; never sent twice.",
      count: health.notesUnknown,
      isFault: true,
    },
  ];
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          Work
        </Text>
        {lines.map((line) => (
          <InlineStack key={line.title} align="space-between" blockAlign="start" gap="200" wrap={false}>
            <BlockStack gap="050">
              <Text as="h3" variant="bodyMd" fontWeight="semibold">
                {line.title}
              </Text>
              <Text as="p" tone="subdued">
                {line.detail}
              </Text>
            </BlockStack>
            {line.count > 0 && line.isFault ? (
              <Badge tone="critical">{formatCount(line.count)}</Badge>
            ) : (
              <Badge>{formatCount(line.count)}</Badge>
            )}
          </InlineStack>
        ))}
      </BlockStack>
    </Card>
  );
}

function waiting(count: number, oldestSeconds: number): string {
  return count === 0 ? "Nothing waits." : `The oldest has waited ${formatDuration(oldestSeconds)}.`;
}
