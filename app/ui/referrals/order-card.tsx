import { BlockStack, Card, Link, Text } from "@shopify/polaris";
import type { ReferralDetailView } from "../../read-models.ts";
import { formatDay } from "../format.ts";

/** The order that the referral stands on, with its place in Shopify's admin. */
export function OrderCard({ orderId, paidAt }: Pick<ReferralDetailView, "orderId" | "paidAt">) {
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd">
          First order
        </Text>
        {orderId === null ? (
          <Text as="p">No order yet.</Text>
        ) : (
          <>
            <Text as="p">
              <Link url={`shopify://admin/orders/${orderId}`}>Open the order in Shopify</Link>
            </Text>
            <Text as="p" tone="subdued">
              {paidAt === null ? "Not paid yet." : `Paid on ${formatDay(paidAt)}.`}
            </Text>
          </>
        )}
      </BlockStack>
    </Card>
  );
}
