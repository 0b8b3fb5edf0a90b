import { BlockStack, Card, Checkbox, Text } from "@shopify/polaris";
import type { FieldProps } from "./program-form.tsx";

const COMBINING = [
  { name: "combinesWithOrder", label: "Discounts on the order" },
  { name: "combinesWithProduct", label: "Discounts on products" },
  { name: "combinesWithShipping", label: "Discounts on shipping" },
] as const;

/** What reward codes may be used with, and by whom. */
export function CodesCard({ fields }: { fields: FieldProps }) {
  const { values, change, errorOf } = fields;
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          Reward codes
        </Text>
        <BlockStack gap="100">
          <Text as="p">They may be combined with</Text>
          {COMBINING.map(({ name, label }) => (
            <Checkbox
              key={name}
              label={label}
              checked={values[name]}
              onChange={(isChecked) => change({ [name]: isChecked })}
            />
          ))}
        </BlockStack>
        <Checkbox
          label="Reward codes work only for the customer they were given to"
          helpText="The customer has to be logged in, or give the same e-mail address, at the checkout. Each code is a discount of its own in your shop. Codes for a first order are not bound: their friends have no account yet."
          checked={values.isBound}
          onChange={(isBound) => change({ isBound })}
          error={errorOf("bind_to_customer")}
        />
      </BlockStack>
    </Card>
  );
}
