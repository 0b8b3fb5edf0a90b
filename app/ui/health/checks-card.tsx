import { Badge, BlockStack, Card, InlineStack, Text } from "@shopify/polaris";
import type { CheckView } from "../../read-models.ts";
import { formatCount, formatInstant } from "../format.ts";
import { checkWords } from "../why-words.ts";

/** What the invariant checks found last: one line when all is well, else every finding with what it means. */
export function ChecksCard({ checks }: { checks: readonly CheckView[] }) {
  const found = checks.filter((check) => check.findings > 0);
  const last = checks
    .map((check) => check.at)
    .toSorted()
    .at(-1);
  return (
    <Card>
      <BlockStack gap="400">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            Checks of the books
          </Text>
          {checks.length > 0 &&
            (found.length === 0 ? <Badge tone="success">All clean</Badge> : <Badge tone="critical">Found</Badge>)}
        </InlineStack>
        <Text as="p" tone="subdued">
          {last === undefined
            ? "They have not run yet; they run every five minutes."
            : `${String(checks.length)} checks, last run ${formatInstant(last)}. What they find about money pauses payouts.`}
        </Text>
        {found.map((check) => (
          <InlineStack key={check.name} align="space-between" blockAlign="start" gap="200" wrap={false}>
            <BlockStack gap="050">
              <Text as="h3" variant="bodyMd" fontWeight="semibold">
                {checkWords(check.name)}
              </Text>
              <Text as="p" tone="subdued">
                {`Found ${formatInstant(check.at)} by ${check.name}.`}
              </Text>
            </BlockStack>
            <Badge tone="critical">{formatCount(check.findings)}</Badge>
          </InlineStack>
        ))}
      </BlockStack>
    </Card>
  );
}
