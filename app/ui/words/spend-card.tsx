import { Badge, Banner, BlockStack, Card, InlineStack, ProgressBar, Text } from "@shopify/polaris";
import type { WordsView } from "../../words-view.ts";
import { formatCount } from "../format.ts";

export type WordsSetUp = {
  readonly model: string | null;
  readonly budgetUsd: number;
  readonly mail: boolean;
  readonly sms: boolean;
};

const CENT_USD = 0.01;
const PERCENT = 100;

/** What the model's words cost this month, and when they would stop. */
export function SpendCard({ spend, setUp, isOn }: { spend: WordsView["spend"]; setUp: WordsSetUp; isOn: boolean }) {
  const used = setUp.budgetUsd > 0 ? Math.min(PERCENT, (Number(spend.usd) / setUp.budgetUsd) * PERCENT) : PERCENT;
  const isCapped = setUp.budgetUsd - Number(spend.usd) < CENT_USD;
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            The model
          </Text>
          {setUp.model === null || !isOn ? (
            <Badge>Templates speak</Badge>
          ) : isCapped ? (
            <Badge tone="warning">Budget used up</Badge>
          ) : (
            <Badge tone="success">Writing</Badge>
          )}
        </InlineStack>
        {setUp.model === null ? (
          <Banner tone="info">
            <p>
              No key is set up (ANTHROPIC_API_KEY). Everything works without one: notes use the wordings on this page.
            </p>
          </Banner>
        ) : (
          <>
            <Text as="p">
              {`$${spend.usd} of $${setUp.budgetUsd.toFixed(2)} this month, in ${formatCount(spend.calls)} calls of ${setUp.model}.`}
            </Text>
            <ProgressBar progress={used} size="small" ariaLabelledBy="gw-spend" />
            <Text as="p" tone="subdued" id="gw-spend">
              {`${formatCount(spend.inputTokens)} tokens read, ${formatCount(spend.outputTokens)} written, as the model's API counts them. Past the budget, notes use the wordings on this page.`}
            </Text>
          </>
        )}
      </BlockStack>
    </Card>
  );
}
