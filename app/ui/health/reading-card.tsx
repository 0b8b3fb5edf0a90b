import { useFetcher } from "@remix-run/react";
import { Badge, Banner, BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import type { ReadingView } from "../../reconcile-views.ts";
import { formatCount, formatDay, formatInstant } from "../format.ts";

/** Whether Shopify's messages arrive, and how far orders were read again without them. */
export function ReadingCard({ reading }: { reading: ReadingView }) {
  const fetcher = useFetcher();
  const isSilent = reading.silentAfter !== null || (reading.found > 0 && reading.deliveries === 0);
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            Compared with Shopify
          </Text>
          {isSilent || reading.isBehind ? (
            <Badge tone="critical">Look here</Badge>
          ) : (
            <Badge tone="success">Up to date</Badge>
          )}
        </InlineStack>
        {reading.found > 0 && (
          <Banner tone={isSilent ? "critical" : "warning"}>
            <Text as="p">{lostWords(reading)}</Text>
          </Banner>
        )}
        {reading.found === 0 && reading.silentAfter !== null && (
          <Banner tone="critical">
            <Text as="p">
              {`No message came from Shopify for a day; in the week before it was about ${formatCount(reading.silentAfter)} a day. Orders are read all the same. Please see that the app's address is right and its subscriptions stand.`}
            </Text>
          </Banner>
        )}
        {reading.unreadable !== null && (
          <Banner tone="warning">
            <Text as="p">
              {`Orders that changed between ${formatDay(reading.unreadable.from)} and ${formatDay(reading.unreadable.to)} could not be read: Shopify shows sixty days.`}
            </Text>
          </Banner>
        )}
        <Text as="p">{readWords(reading)}</Text>
        <InlineStack>
          <Button
            loading={fetcher.state !== "idle"}
            onClick={() => fetcher.submit({ intent: "reconcile" }, { method: "post", action: "/app/health" })}
          >
            Compare now
          </Button>
        </InlineStack>
      </BlockStack>
    </Card>
  );
}

function lostWords({ found, deliveries }: ReadingView): string {
  const orders = found === 1 ? "1 order" : `${formatCount(found)} orders`;
  if (deliveries > 0)
    return `${orders} of the last day came without a message from Shopify and ${found === 1 ? "was" : "were"} found by reading. Nothing was missed.`;
  return `Shopify's messages about orders do not arrive: ${orders} of the last day ${found === 1 ? "was" : "were"} found by reading alone. Nothing was missed, but everything comes up to a quarter of an hour late. Please see that the app's address is right and its subscriptions stand.`;
}

function readWords({ readTo, isBehind }: ReadingView): string {
  if (readTo === null) return "Orders have not been read yet; that happens every quarter of an hour.";
  if (isBehind)
    return `Orders could not be read since ${formatInstant(readTo)}. Referrals without an order wait for it.`;
  return `Every order that changed before ${formatInstant(readTo)} was read. That happens every quarter of an hour.`;
}
