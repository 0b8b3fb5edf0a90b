import { useFetcher } from "@remix-run/react";
import { Badge, BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import type { DifferenceChoiceView, DifferenceView } from "../../reconcile-views.ts";
import { formatCount, formatInstant } from "../format.ts";

const KINDS: Readonly<Record<string, { readonly title: string; readonly means: string }>> = {
  discount_missing: {
    title: "The discount is gone from the shop",
    means: "Its codes do not work. Made again, they are the same codes, and their owners notice nothing.",
  },
  discount_edited: {
    title: "The discount was changed",
    means: "Its codes are not what they were promised to be. Change it back in Shopify, or let it stand.",
  },
  code_missing: {
    title: "The code is gone from the shop",
    means: "Its owner cannot use it. Made again, it is the same code.",
  },
  code_unknown: {
    title: "Somebody added a code to our discount",
    means: "No reward knows it, so nobody has earned it. Withdraw it, or let it stand.",
  },
  used_without_order: {
    title: "A code counts as used, and no order is known that used it",
    means: "Perhaps the order is older than Shopify shows, or was deleted. Nothing is booked for it.",
  },
  credit_missing: {
    title: "What was given as store credit or a gift card is not there",
    means: "Its owner cannot use it, and the books say that they were given it. See the customer in Shopify.",
  },
  credit_changed: {
    title: "Store credit or a gift card was changed",
    means: "It is not what was given. Put it right in Shopify, or let it stand.",
  },
};

const FIELDS: Readonly<Record<string, string>> = {
  off: "what it takes off",
  endsAt: "when it ends",
  usageLimit: "how often a code can be used",
  oncePerCustomer: "how often one customer can use it",
  amount: "what it is worth",
  isEnabled: "whether it can be used",
};

const CHOICES: Readonly<Record<DifferenceChoiceView, string>> = {
  make_again: "Make it again",
  withdraw: "Withdraw the code",
  accept: "Let it stand",
};

/** Where Shopify and the books disagree, each with what it means and what can be done. */
export function DifferencesCard(props: { comparedAt: string | null; differences: readonly DifferenceView[] }) {
  const { comparedAt, differences } = props;
  return (
    <Card>
      <BlockStack gap="400">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            Discounts, codes and what was given
          </Text>
          {differences.length > 0 ? (
            <Badge tone="critical">{formatCount(differences.length)}</Badge>
          ) : (
            comparedAt !== null && <Badge tone="success">All as in the books</Badge>
          )}
        </InlineStack>
        <Text as="p" tone="subdued">
          {comparedAt === null
            ? "They have not been compared with the books yet; that happens every day."
            : `Compared with the books every day, last ${formatInstant(comparedAt)}. A new difference pauses payouts.`}
        </Text>
        {differences.map((difference) => (
          <DifferenceLine key={difference.id} difference={difference} />
        ))}
      </BlockStack>
    </Card>
  );
}

function DifferenceLine({ difference }: { difference: DifferenceView }) {
  const fetcher = useFetcher();
  const { id, kind, subject, foundAt, fields, choices } = difference;
  const words = KINDS[kind] ?? { title: kind, means: "" };
  const changed = fields.map((field) => FIELDS[field] ?? field).join(", ");
  const decide = (choice: DifferenceChoiceView) =>
    fetcher.submit({ intent: "difference", differenceId: id, choice }, { method: "post", action: "/app/health" });
  return (
    <BlockStack gap="200">
      <BlockStack gap="050">
        <Text as="h3" variant="bodyMd" fontWeight="semibold">
          {`${words.title}: ${subject}`}
        </Text>
        <Text as="p" tone="subdued">
          {`${changed === "" ? "" : `Changed: ${changed}. `}${words.means} Found ${formatInstant(foundAt)}.`}
        </Text>
      </BlockStack>
      <InlineStack gap="200">
        {choices.map((choice) => (
          <Button key={choice} loading={fetcher.state !== "idle"} onClick={() => decide(choice)}>
            {CHOICES[choice]}
          </Button>
        ))}
      </InlineStack>
    </BlockStack>
  );
}
