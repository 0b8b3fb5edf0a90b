import { useFetcher } from "@remix-run/react";
import { Banner, BlockStack, Button, InlineStack, Select, TextField } from "@shopify/polaris";
import { useState } from "react";
import { useToast } from "../use-toast.ts";
import type { ReviewAnswer } from "../../routes/app.review.tsx";
import type { CaseView } from "../../read-models.ts";

const REASONS = [
  { label: "Same person", value: "same_person" },
  { label: "Same household", value: "same_household" },
  { label: "Not a real friend", value: "not_a_friend" },
  { label: "Abuse of the programme", value: "abuse" },
  { label: "Something else", value: "other" },
];

/** Approve in one click, reject with a reason, or leave a note. A case that somebody else decided meanwhile says so. */
export function DecideForm({ openCase }: { openCase: Pick<CaseView, "id" | "version"> }) {
  const fetcher = useFetcher<ReviewAnswer>();
  const [isRejecting, setIsRejecting] = useState(false);
  const [reason, setReason] = useState(REASONS[0]?.value ?? "other");
  const [note, setNote] = useState("");
  const isBusy = fetcher.state !== "idle";
  useToast(fetcher.data !== undefined && "outcome" in fetcher.data ? "Your decision was recorded" : null);
  const problem = fetcher.data === undefined ? null : problemOf(fetcher.data);

  function decide(intent: "approve" | "reject" | "note"): void {
    const base = { intent, caseId: openCase.id, version: String(openCase.version), note };
    fetcher.submit(intent === "reject" ? { ...base, reason } : base, { method: "post", action: "/app/review" });
  }

  return (
    <BlockStack gap="300">
      {problem !== null && <Banner tone="critical">{problem}</Banner>}
      {isRejecting && <Select label="Reason for rejecting" options={REASONS} value={reason} onChange={setReason} />}
      <TextField
        label="Note for your team"
        helpText="Optional. Kept with the decision; customers never see it."
        value={note}
        onChange={setNote}
        maxLength={500}
        multiline={2}
        autoComplete="off"
      />
      <InlineStack gap="300">
        {isRejecting ? (
          <>
            <Button variant="primary" tone="critical" loading={isBusy} onClick={() => decide("reject")}>
              Reject referral
            </Button>
            <Button disabled={isBusy} onClick={() => setIsRejecting(false)}>
              Cancel
            </Button>
          </>
        ) : (
          <>
            <Button variant="primary" loading={isBusy} onClick={() => decide("approve")}>
              Approve
            </Button>
            <Button disabled={isBusy} onClick={() => setIsRejecting(true)}>
              Reject…
            </Button>
            <Button variant="tertiary" disabled={isBusy || note.trim() === ""} onClick={() => decide("note")}>
              Only save the note
            </Button>
          </>
        )}
      </InlineStack>
    </BlockStack>
  );
}

function problemOf(answer: ReviewAnswer): string | null {
  return "error" in answer ? answer.error.message : null;
}
