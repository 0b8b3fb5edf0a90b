import { Banner, BlockStack, Card, FormLayout, Select, Text } from "@shopify/polaris";
import type { FieldProps } from "./program-form.tsx";
import { currencySign } from "./money-words.ts";
import { TermsField } from "./terms-field.tsx";

const WHO = [
  { label: "Customers who have bought", value: "bought" },
  { label: "Any customer with an account", value: "any_customer" },
  { label: "Customers with a tag", value: "tag" },
];

/** When a referral counts, and how often somebody can be rewarded. */
export function RulesCard({ fields }: { fields: FieldProps }) {
  const { values } = fields;
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          The rules
        </Text>
        <FormLayout>
          <FormLayout.Group>
            <TermsField
              fields={fields}
              name="windowDays"
              path="window_days"
              label="A tap counts for"
              help="1 to 45 days between tap and sign-up"
              suffix="days"
              keyboard="numeric"
            />
            <TermsField
              fields={fields}
              name="coolingOffDays"
              path="cooling_off_days"
              label="Cooling-off after payment"
              help="0 to 30 days; refunds come in this time"
              suffix="days"
              keyboard="numeric"
            />
          </FormLayout.Group>
          {values.coolingOffDays.trim() === "0" && (
            <Banner tone="warning">
              Without a cooling-off, rewards are given before a friend can send the order back.
            </Banner>
          )}
          <TermsField
            fields={fields}
            name="minimumOrder"
            path="minimum_order"
            label="Minimum order"
            help="Goods after discounts, without tax. Empty for no minimum."
            prefix={currencySign(fields.currency)}
            keyboard="decimal"
          />
          <Limits fields={fields} />
          <TermsField
            fields={fields}
            name="budgetMonth"
            path="budget_month"
            label="Budget a month"
            help="Rewards of money, over all customers. What comes after waits for you. Empty for no budget."
            prefix={currencySign(fields.currency)}
            keyboard="decimal"
          />
          <WhoAndWhere fields={fields} />
          <Campaign fields={fields} />
        </FormLayout>
      </BlockStack>
    </Card>
  );
}

function Limits({ fields }: { fields: FieldProps }) {
  return (
    <FormLayout.Group>
      <TermsField
        fields={fields}
        name="cap30Days"
        path="cap_30_days"
        label="Rewards in 30 days"
        help="Per customer. Empty for no limit."
        keyboard="numeric"
      />
      <TermsField
        fields={fields}
        name="capTotal"
        path="cap_total"
        label="Rewards in total"
        help="Per customer. Empty for no limit."
        keyboard="numeric"
      />
    </FormLayout.Group>
  );
}

function WhoAndWhere({ fields }: { fields: FieldProps }) {
  const { values, change, errorOf } = fields;
  return (
    <FormLayout>
      <Select
        label="Who may refer"
        options={WHO}
        value={values.whoMayRefer}
        onChange={(whoMayRefer) => change({ whoMayRefer })}
        error={errorOf("who_may_refer")}
      />
      {values.whoMayRefer === "tag" && (
        <TermsField fields={fields} name="whoMayReferTag" path="who_may_refer_tag" label="Customer tag" />
      )}
      <TermsField
        fields={fields}
        name="landingPath"
        path="landing_path"
        label="Links lead to"
        help="A path of your shop, such as /collections/new"
      />
    </FormLayout>
  );
}

function Campaign({ fields }: { fields: FieldProps }) {
  return (
    <FormLayout.Group>
      <TermsField
        fields={fields}
        name="campaignStart"
        path="campaign_start"
        label="New referrals from"
        help="The day begins in UTC. Empty: at once."
        type="date"
      />
      <TermsField
        fields={fields}
        name="campaignEnd"
        path="campaign_end"
        label="New referrals until"
        help="Up to the beginning of that day; those under way finish. Empty: no end."
        type="date"
      />
    </FormLayout.Group>
  );
}
