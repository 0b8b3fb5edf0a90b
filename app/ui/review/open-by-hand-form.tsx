import { useFetcher } from "@remix-run/react";
import { Banner, BlockStack, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import type { CaseView } from "../../read-models.ts";
import type { OpenByHandAnswer } from "../../routes/hand-form.server.ts";
import { SubmitButton } from "../submit-button.tsx";
import { useToast } from "../use-toast.ts";

type Props = {
  /** Who brought the friend. */
  readonly personId: string;
  /** The appeal that it answers. */
  readonly appeal?: Pick<CaseView, "id" | "version">;
};

/** Opens a referral that no click proves: for a friend whose order a person has seen, with a reason that stays on record. */
export function OpenByHandForm({ personId, appeal }: Props) {
  const fetcher = useFetcher<OpenByHandAnswer>();
  const [order, setOrder] = useState("");
  const [reason, setReason] = useState("");
  const answer = fetcher.data;
  useToast(answer !== undefined && "outcome" in answer ? toastOf(answer) : null);
  return (
    <fetcher.Form method="post" action={`/app/people/${personId}`}>
      {appeal !== undefined && (
        <>
          <input type="hidden" name="caseId" value={appeal.id} />
          <input type="hidden" name="version" value={String(appeal.version)} />
        </>
      )}
      <BlockStack gap="300">
        {answer !== undefined && "error" in answer && <Banner tone="critical">{answer.error.message}</Banner>}
        <TextField
          label="The friend's order"
          helpText="Open the order in Shopify and paste its address, or the number at the end of it."
          name="order"
          value={order}
          onChange={setOrder}
          maxLength={300}
          autoComplete="off"
        />
        <TextField
          label="Why this friend counts"
          helpText="Kept on record, with who decided it: there is no tap that proves it."
          name="reason"
          value={reason}
          onChange={setReason}
          maxLength={500}
          autoComplete="off"
        />
        <div className="gw-choice">
          <SubmitButton name="intent" value="open_referral" look="primary" disabled={fetcher.state !== "idle"}>
            Open a referral
          </SubmitButton>
          <Text as="span" variant="bodySm" tone="subdued">
            It cools off and is screened like any other, and is paid once.
          </Text>
        </div>
      </BlockStack>
    </fetcher.Form>
  );
}

function toastOf(answer: { readonly waitsForSecond: boolean }): string {
  return answer.waitsForSecond ? "Opened: it waits for a second person" : "The referral was opened";
}
