import { BlockStack, Card, List, Text } from "@shopify/polaris";

/** Home before the first tap: what happens next, and that nothing is asked of the merchant meanwhile. */
export function FirstDays({ links }: { links: number }) {
  const progress =
    links === 0
      ? "No customer has taken a link yet."
      : `${links === 1 ? "One customer has" : `${String(links)} customers have`} taken a link. Nobody has tapped one yet.`;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Your first referral is on its way
        </Text>
        <Text as="p">{progress}</Text>
        <List type="number">
          <List.Item>A customer takes a link on the account page or in the storefront.</List.Item>
          <List.Item>A friend taps it, signs up and places a first order.</List.Item>
          <List.Item>After the cooling-off both are rewarded, once. You see each step here.</List.Item>
        </List>
      </BlockStack>
    </Card>
  );
}
