import { BlockStack, Card, Text } from "@shopify/polaris";
import type { AmountView } from "../../read-models.ts";
import { formatAmount } from "../format.ts";

/** Welcome discounts that won nobody; nothing is drawn where there are none. */
export function LeakageCard({ leakage }: { leakage: readonly AmountView[] }) {
  if (leakage.length === 0) return null;
  return (
    <Card>
      <BlockStack gap="100">
        <Text as="h2" variant="headingMd">
          {`Leakage: ${leakage.map(formatAmount).join(" and ")}`}
        </Text>
        <Text as="p" tone="subdued">
          Welcome discounts that were used on orders which ended in no rewarded referral.
        </Text>
      </BlockStack>
    </Card>
  );
}
