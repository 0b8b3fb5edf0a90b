import { BlockStack, Card, Checkbox, FormLayout, Select, Text } from "@shopify/polaris";
import type { FieldProps } from "./program-form.tsx";
import { currencySign } from "./money-words.ts";
import { AllowReward } from "./allow-reward.tsx";
import { TermsField } from "./terms-field.tsx";

const KINDS = [
  { label: "An amount off", value: "fixed" },
  { label: "A percentage off", value: "percent" },
  { label: "Free shipping", value: "free_shipping" },
  { label: "Store credit", value: "store_credit" },
  { label: "A gift card", value: "gift_card" },
];

const WHENS = [
  { label: "Off their first order", value: "on_first_order" },
  { label: "After their first order, with the customer", value: "after_first_order" },
];

/** What each side gets: a discount code that works once, store credit or a gift card. */
export function OfferCard({ fields }: { fields: FieldProps }) {
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            The offer
          </Text>
          <Text as="p" tone="subdued">
            Each side gets a reward of their own: the customer once the friend&apos;s first order has passed the
            cooling-off, the friend when you say.
          </Text>
        </BlockStack>
        <RewardFields fields={fields} side="referrer" title="The customer who recommends" />
        <RewardFields fields={fields} side="friend" title="The friend" />
        <Select
          label="The friend gets it"
          helpText="A first order made cheaper brings more friends. Its cost is spent even if that order is sent back."
          options={WHENS}
          value={fields.values.friendWhen}
          onChange={(chosen) => fields.change({ friendWhen: chosen })}
          error={fields.errorOf("friend.when")}
        />
        {fields.values.friendWhen === "on_first_order" && (
          <Checkbox
            label="Ask for the friend's e-mail address first"
            helpText="Every link then leads to a page of your shop that asks for the address and shows the code. Fewer codes leak to coupon sites, and fewer friends take one."
            checked={fields.values.isEmailFirst}
            onChange={(isEmailFirst) => fields.change({ isEmailFirst })}
            error={fields.errorOf("email_first")}
          />
        )}
        <TermsField
          fields={fields}
          name="expiresAfterDays"
          path="referrer.expires_after_days"
          label="Rewards are valid for"
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
            prefix={kind === "percent" || kind === "free_shipping" ? "" : currencySign(fields.currency)}
            suffix={kind === "percent" ? "%" : ""}
            keyboard="decimal"
            disabled={kind === "free_shipping"}
          />
        </FormLayout.Group>
      </FormLayout>
      {(kind === "store_credit" || kind === "gift_card") && fields.missingScopes[kind].length > 0 && (
        <AllowReward scopes={fields.missingScopes[kind]} />
      )}
    </BlockStack>
  );
}

/** "10" means ten pounds or ten per cent: a new kind never inherits the number of the old one. */
function changeOfKind(side: "referrer" | "friend", chosen: string) {
  if (side === "referrer") return { referrerKind: chosen, referrerAmount: "" };
  // On the first order only a discount code can be given: what is no code comes after it.
  const when = chosen === "store_credit" || chosen === "gift_card" ? { friendWhen: "after_first_order" } : {};
  return { friendKind: chosen, friendAmount: "", ...when };
}
