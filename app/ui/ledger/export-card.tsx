import { Banner, BlockStack, Button, Card, FormLayout, InlineStack, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import { saveFile } from "../save-file.ts";

/** Hands the journal out as a file. It is fetched by script, since a plain link would leave without the session token. */
export function ExportCard() {
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const [state, setState] = useState<"idle" | "busy" | "failed">("idle");

  async function download(): Promise<void> {
    setState("busy");
    try {
      const answer = await fetch(`/app/ledger.csv?${new URLSearchParams({ from, to }).toString()}`);
      if (!answer.ok) throw new Error(`The export was answered with ${String(answer.status)}.`);
      saveFile(await answer.blob(), "goodword-journal.csv");
      setState("idle");
    } catch {
      setState("failed"); // the banner says what to do; the cause is in the server's log
    }
  }

  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Export for your bookkeeper
        </Text>
        <Text as="p" tone="subdued">
          Everything booked in money, one line an entry, with fixed account numbers. Without days: all of it.
        </Text>
        {state === "failed" && (
          <Banner tone="critical">
            The file could not be made. Check that the first day is not after the last, then try again.
          </Banner>
        )}
        <FormLayout>
          <FormLayout.Group>
            <TextField label="First day" type="date" autoComplete="off" value={from} onChange={setFrom} />
            <TextField label="Last day" type="date" autoComplete="off" value={to} onChange={setTo} />
          </FormLayout.Group>
        </FormLayout>
        <InlineStack>
          <Button loading={state === "busy"} onClick={() => void download()}>
            Export as CSV
          </Button>
        </InlineStack>
      </BlockStack>
    </Card>
  );
}
