import { BlockStack, Card, FormLayout, Select, Text } from "@shopify/polaris";
import type { FieldProps } from "./program-form.tsx";
import { currencySign } from "./money-words.ts";
import { TermsField } from "./terms-field.tsx";

const KINDS = [
  { label: "An amount off", value: "fixed" },
  { label: "A percentage off", value: "percent" },
  { label: "Free shipping", value: "free_shipping" },
];

/** What each side gets, as a discount code that works once. */
export function OfferCard({ fields }: { fields: FieldProps }) {
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            The offer
          </Text>
          <Text as="p" tone="subdued">
            Both sides get a discount code of their own, once the friend&apos;s first order has passed the cooling-off.
          </Text>
        </BlockStack>
        <RewardFields fields={fields} side="referrer" title="The customer who recommends" />
        <RewardFields fields={fields} side="friend" title="The friend" />
        <TermsField
          fields={fields}
          name="expiresAfterDays"
          path="referrer.expires_after_days"
          label="Codes are valid for"
          suffix="days"
          keyboard="numeric"
        />
      </BlockStack>
    </Card>
  );
}

function RewardFields({ fields, side, title }: { fields: FieldProps; side: "referrer" | "friend"; title: string }) {
  const kind = fields.values[`${side}Kind`];
  return (
    <BlockStack gap="200">
      <Text as="h3" variant="headingSm">
        {title}
      </Text>
      <FormLayout>
        <FormLayout.Group>
          <Select
            label="Gets"
            options={KINDS}
            value={kind}
            onChange={(chosen) => fields.change(changeOfKind(side, chosen))}
            error={fields.errorOf(`${side}.kind`)}
          />
          <TermsField
            fields={fields}
            name={`${side}Amount`}
            path={`${side}.amount`}
            label={kind === "percent" ? "Percentage" : "Amount"}
            prefix={kind === "fixed" ? currencySign(fields.currency) : ""}
            suffix={kind === "percent" ? "%" : ""}
            keyboard="decimal"
            disabled={kind === "free_shipping"}
          />
        </FormLayout.Group>
      </FormLayout>
    </BlockStack>
  );
}

/** "10" means ten pounds or ten per cent: a new kind never inherits the number of the old one. */
function changeOfKind(side: "referrer" | "friend", chosen: string) {
  return side === "referrer" ? { referrerKind: chosen, referrerAmount: "" } : { friendKind: chosen, friendAmount: "" };
}
