import { Card, BlockStack, Text } from "@shopify/polaris";
import type { PersonView } from "../../read-models.ts";
import { formatCount, formatTally } from "../format.ts";

/** What one customer's referrals came to. */
export function TotalsCard({ person }: { person: Pick<PersonView, "counts" | "earned" | "used" | "receivable"> }) {
  const { counts, earned, used, receivable } = person;
  const waiting = counts.PENDING + counts.HELD;
  const ended = counts.REJECTED + counts.EXPIRED + counts.VOIDED;
  const rows = [
    ["Friends rewarded", formatCount(counts.REWARDED)],
    ["Under way", formatCount(waiting)],
    ["Came to nothing", formatCount(ended)],
    ["Rewards given", formatTally(earned)],
    ["Of these used", formatTally(used)],
    ["Still to be set off", formatTally(receivable)],
  ] as const;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Totals
        </Text>
        <dl className="gw-numbers">
          {rows.map(([label, value]) => (
            <div className="gw-numbers__row" key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </BlockStack>
    </Card>
  );
}
