import { Form } from "@remix-run/react";
import { Button, InlineStack } from "@shopify/polaris";

/** What a merchant saw when a second code of one discount was used. */
export function UsageLimitForm() {
  return (
    <InlineStack gap="200">
      <Answer counts="code" label="Both worked" />
      <Answer counts="discount" label="The second was refused" />
    </InlineStack>
  );
}

function Answer({ counts, label }: { counts: "code" | "discount"; label: string }) {
  return (
    <Form method="post" action="/app?index">
      <input type="hidden" name="intent" value="usage_limit" />
      <input type="hidden" name="counts" value={counts} />
      <Button submit size="slim">
        {label}
      </Button>
    </Form>
  );
}
