import { useFetcher } from "@remix-run/react";
import { Badge, BlockStack, Button, Card, InlineStack, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import { checkWords } from "../why-words.ts";

const CHECK_FAILED = "check_failed:";

/** A reason that a check gave is said in words; one that a person typed is shown as it is. */
function pauseWords(reason: string): string {
  if (!reason.startsWith(CHECK_FAILED)) return reason;
  return `a check of the books found something (${checkWords(reason.slice(CHECK_FAILED.length)).toLowerCase()})`;
}

/** Stops and resumes all payouts of this shop. Nothing is lost meanwhile: due referrals wait. */
export function PayoutSwitch({ paused }: { paused: string | null }) {
  const fetcher = useFetcher();
  const [reason, setReason] = useState("");
  const isBusy = fetcher.state !== "idle";
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            Payouts
          </Text>
          {paused === null ? <Badge tone="success">Running</Badge> : <Badge tone="critical">Paused</Badge>}
        </InlineStack>
        {paused === null ? (
          <>
            <Text as="p">Rewards are given when their cooling-off ends.</Text>
            <TextField
              label="Reason for pausing"
              autoComplete="off"
              maxLength={200}
              value={reason}
              onChange={setReason}
            />
            <InlineStack>
              <Button
                tone="critical"
                loading={isBusy}
                onClick={() => fetcher.submit({ intent: "pause", reason }, { method: "post", action: "/app/health" })}
              >
                Pause payouts
              </Button>
            </InlineStack>
          </>
        ) : (
          <>
            <Text as="p">{`Nobody is being paid: ${pauseWords(paused)}. Due referrals wait and nothing is lost.`}</Text>
            <InlineStack>
              <Button
                variant="primary"
                loading={isBusy}
                onClick={() => fetcher.submit({ intent: "resume" }, { method: "post", action: "/app/health" })}
              >
                Resume payouts
              </Button>
            </InlineStack>
          </>
        )}
      </BlockStack>
    </Card>
  );
}
