import { BlockStack, Box, Button, InlineStack, Text } from "@shopify/polaris";
import type { ReactNode } from "react";

type Props = { title: string; children: ReactNode; action?: { content: string; url: string } };

/** What stands where a list would be: why it is empty, and where to go. */
export function EmptyNote({ title, children, action }: Props) {
  return (
    <Box padding="800">
      <BlockStack gap="300" inlineAlign="center">
        <Text as="h2" variant="headingMd" alignment="center">
          {title}
        </Text>
        <Box maxWidth="30rem">
          <Text as="p" tone="subdued" alignment="center">
            {children}
          </Text>
        </Box>
        {action !== undefined && (
          <InlineStack align="center">
            <Button url={action.url}>{action.content}</Button>
          </InlineStack>
        )}
      </BlockStack>
    </Box>
  );
}
