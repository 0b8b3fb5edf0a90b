import { useFetcher } from "@remix-run/react";
import { Banner, BlockStack, Card, Link, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import { SubmitButton } from "../submit-button.tsx";
import { useToast } from "../use-toast.ts";

type Answer = { outcome: "blocked" } | { error: { message: string } };

/** Puts a customer on the merchant's block list: none of their referrals is paid from then on. */
export function BlockCard({ personId }: { personId: string }) {
  const fetcher = useFetcher<Answer>();
  const [reason, setReason] = useState("");
  useToast(fetcher.data !== undefined && "outcome" in fetcher.data ? "Put on the block list" : null);
  return (
    <Card>
      <fetcher.Form method="post" action={`/app/people/${personId}`}>
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd">
            Block list
          </Text>
          <Text as="p" tone="subdued">
            A listed customer is neither paid as a referrer nor as a friend.{" "}
            <Link url="/app/screen/blocks">See the list</Link>
          </Text>
          {fetcher.data !== undefined && "error" in fetcher.data && (
            <Banner tone="critical">{fetcher.data.error.message}</Banner>
          )}
          <TextField label="Why" name="reason" value={reason} onChange={setReason} maxLength={500} autoComplete="off" />
          <div>
            <SubmitButton name="intent" value="block" look="critical" disabled={fetcher.state !== "idle"}>
              Put on the list
            </SubmitButton>
          </div>
        </BlockStack>
      </fetcher.Form>
    </Card>
  );
}
