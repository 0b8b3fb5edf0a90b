import { BlockStack, Card, Checkbox, Text } from "@shopify/polaris";
import type { FieldProps } from "./program-form.tsx";

/** The pause switch, with what it does and does not do. */
export function SwitchCard({ fields }: { fields: FieldProps }) {
  const { values, change, errorOf } = fields;
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd">
          Pause
        </Text>
        <Checkbox
          label="Pause the programme"
          helpText="Links still lead to your shop, but no new referral opens. Running referrals finish and are rewarded."
          checked={values.isPaused}
          onChange={(isPaused) => change({ isPaused })}
          error={errorOf("paused")}
        />
      </BlockStack>
    </Card>
  );
}
