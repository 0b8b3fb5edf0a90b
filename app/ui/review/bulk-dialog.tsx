import { Banner, BlockStack, List, Modal, Select, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import type { BulkAnswer } from "../../routes/bulk-form.server.ts";
import { REJECT_REASONS } from "./reject-reasons.ts";
import { tallyOutcomes } from "./tally-outcomes.ts";

export type BulkIntent = "approve" | "reject";
export type BulkChoice = { readonly reason: string; readonly note: string };
type Props = {
  readonly intent: BulkIntent;
  /** What the dry run said; undefined while it runs. */
  readonly answer: BulkAnswer | undefined;
  readonly onFinish: (choice: BulkChoice) => void;
  readonly onClose: () => void;
};

const WORDS = {
  approve: { title: "Approve these referrals?", press: "Approve" },
  reject: { title: "Reject these referrals?", press: "Reject" },
} as const;

/** Asks once more before several cases are decided, with what the dry run found. */
export function BulkDialog({ intent, answer, onFinish, onClose }: Props) {
  const [reason, setReason] = useState<string>("same_person");
  const [note, setNote] = useState("");
  const isReject = intent === "reject";
  return (
    <Modal
      open
      onClose={onClose}
      title={WORDS[intent].title}
      primaryAction={{
        content: WORDS[intent].press,
        destructive: isReject,
        disabled: answer === undefined || !("reviewed" in answer),
        onAction: () => onFinish({ reason, note }),
      }}
      secondaryActions={[{ content: "Cancel", onAction: onClose }]}
    >
      <Modal.Section>
        <BlockStack gap="400">
          <DryRun answer={answer} />
          {isReject && <Select label="Reason" options={[...REJECT_REASONS]} value={reason} onChange={setReason} />}
          <TextField
            label="Note for your team"
            helpText="Optional. Kept with every one of these decisions."
            value={note}
            onChange={setNote}
            maxLength={500}
            multiline={2}
            autoComplete="off"
          />
        </BlockStack>
      </Modal.Section>
    </Modal>
  );
}

function DryRun({ answer }: { answer: BulkAnswer | undefined }) {
  if (answer === undefined) return <Text as="p">Trying it, without changing anything…</Text>;
  if ("error" in answer) return <Banner tone="critical">{answer.error.message}</Banner>;
  return (
    <BlockStack gap="100">
      <Text as="p">Tried just now, without changing anything:</Text>
      <List>
        {tallyOutcomes(answer.reviewed).map(({ words, count }) => (
          <List.Item key={words}>{`${String(count)}: ${words}`}</List.Item>
        ))}
      </List>
    </BlockStack>
  );
}
