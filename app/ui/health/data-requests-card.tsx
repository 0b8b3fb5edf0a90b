import { Banner, BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { useState } from "react";
import type { DataRequestView } from "../../reconcile-views.ts";
import { formatDay } from "../format.ts";
import { saveFile } from "../save-file.ts";

/** Customers who asked for their data; nothing is shown while nobody did. */
export function DataRequestsCard({ requests }: { requests: readonly DataRequestView[] }) {
  if (requests.length === 0) return null;
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          Customers who ask for their data
        </Text>
        <Text as="p" tone="subdued">
          You answer within thirty days. The file holds what is kept of the customer at the moment you fetch it.
        </Text>
        {requests.map((request) => (
          <RequestLine key={request.id} request={request} />
        ))}
      </BlockStack>
    </Card>
  );
}

function RequestLine({ request }: { request: DataRequestView }) {
  const [state, setState] = useState<"idle" | "busy" | "failed">("idle");
  const { id, requestedAt, expiresAt, isKnown } = request;

  async function download(): Promise<void> {
    setState("busy");
    try {
      const answer = await fetch(`/app/requests/${id}`);
      if (!answer.ok) throw new Error(`The file was answered with ${String(answer.status)}.`);
      saveFile(await answer.blob(), "goodword-customer-data.json");
      setState("idle");
    } catch {
      setState("failed"); // the banner says what to do; the cause is in the server's log
    }
  }

  return (
    <BlockStack gap="200">
      {state === "failed" && <Banner tone="critical">The file could not be fetched. Try again.</Banner>}
      <InlineStack align="space-between" blockAlign="center" gap="200">
        <Text as="p">
          {`Asked on ${formatDay(requestedAt)}, to be answered by ${formatDay(expiresAt)}.${isKnown ? "" : " Nothing is held of this customer."}`}
        </Text>
        <Button loading={state === "busy"} onClick={() => void download()}>
          Fetch the file
        </Button>
      </InlineStack>
    </BlockStack>
  );
}
