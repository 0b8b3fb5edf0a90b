import { useFetcher } from "@remix-run/react";
import { Banner, BlockStack, Button, Card, InlineStack, TextField, Text } from "@shopify/polaris";
import { useState } from "react";
import { ImportReport } from "./import-report.tsx";
import type { ImportAnswer } from "./import-report.tsx";

const EXAMPLE = "code,customer\nDAN-10,dan@example.com\nMARA2024,gid://shopify/Customer/7001";

/** The lines to bring over: looked at first, and then taken. */
export function ImportForm() {
  const fetcher = useFetcher<ImportAnswer>();
  const [lines, setLines] = useState("");
  const isBusy = fetcher.state !== "idle";
  const send = (intent: "check" | "import") => {
    fetcher.submit({ intent, lines }, { method: "post", action: "/app/import" });
  };
  const answer = fetcher.data;
  return (
    <>
      <Card>
        <BlockStack gap="400">
          <TextField
            label="One line for each code"
            helpText="The code, a comma, and the customer: an e-mail address or Shopify's customer id. Up to 2,000 lines at a time."
            placeholder={EXAMPLE}
            multiline={8}
            maxHeight={320}
            monospaced
            autoComplete="off"
            value={lines}
            onChange={setLines}
          />
          <InlineStack gap="200">
            <Button onClick={() => send("check")} loading={isBusy} disabled={lines.trim() === ""}>
              Check first
            </Button>
            <Button variant="primary" onClick={() => send("import")} loading={isBusy} disabled={lines.trim() === ""}>
              Bring over
            </Button>
          </InlineStack>
          <Text as="p" tone="subdued">
            A customer who has no link yet gets one by it. Doing it twice changes nothing.
          </Text>
        </BlockStack>
      </Card>
      {answer !== undefined && "error" in answer && <Banner tone="critical">{answer.error.message}</Banner>}
      {answer !== undefined && "outcome" in answer && <ImportReport report={answer} />}
    </>
  );
}
