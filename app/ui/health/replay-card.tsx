import { useFetcher } from "@remix-run/react";
import { BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { formatCount } from "../format.ts";

/** Offers to try everything again that gave up. Shown only where there is something. */
export function ReplayCard({ deadCount }: { deadCount: number }) {
  const fetcher = useFetcher();
  if (deadCount === 0) return null;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Try again
        </Text>
        <Text as="p">{`${deadCount === 1 ? "1 piece" : `${formatCount(deadCount)} pieces`} of work gave up. Trying again is safe: nothing is ever paid twice.`}</Text>
        <InlineStack>
          <Button
            loading={fetcher.state !== "idle"}
            onClick={() => fetcher.submit({ intent: "replay" }, { method: "post", action: "/app/health" })}
          >
            Try all of it again
          </Button>
        </InlineStack>
      </BlockStack>
    </Card>
  );
}
