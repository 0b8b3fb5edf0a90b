import { BlockStack, Button, Card, InlineStack, Select, Text } from "@shopify/polaris";
import { useState } from "react";

const MONTHS = [1, 3, 6, 12].map((count) => ({
  label: count === 1 ? "last month" : `last ${String(count)} months`,
  value: String(count),
}));

type Props = {
  readonly changedCount: number;
  readonly isTrying: boolean;
  readonly isSaving: boolean;
  readonly onTry: (months: string) => void;
  readonly onSave: () => void;
};

/** Tries what was changed on the past, and saves it. */
export function TryCard({ changedCount, isTrying, isSaving, onTry, onSave }: Props) {
  const [months, setMonths] = useState("6");
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Try it on the past
        </Text>
        <Text as="p">
          {changedCount === 0
            ? "Change a rule, and see what that would have done before you save it."
            : `${changedCount === 1 ? "One rule" : `${String(changedCount)} rules`} changed. See what that would have done, then save.`}
        </Text>
        <Select label="Referrals of the" options={MONTHS} value={months} onChange={setMonths} />
        <InlineStack gap="200">
          <Button loading={isTrying} onClick={() => onTry(months)}>
            Try it
          </Button>
          <Button variant="primary" disabled={changedCount === 0} loading={isSaving} onClick={onSave}>
            Save as new version
          </Button>
        </InlineStack>
        <Text as="p" variant="bodySm" tone="subdued">
          Links keep the rules they were made with; a saved change counts for links that are made from now on.
        </Text>
      </BlockStack>
    </Card>
  );
}
