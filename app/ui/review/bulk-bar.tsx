import { useFetcher } from "@remix-run/react";
import { Button, Card, InlineStack, Text } from "@shopify/polaris";
import { useState } from "react";
import type { CaseView } from "../../read-models.ts";
import type { BulkAnswer } from "../../routes/bulk-form.server.ts";
import { useToast } from "../use-toast.ts";
import type { BulkChoice, BulkIntent } from "./bulk-dialog.tsx";
import { BulkDialog } from "./bulk-dialog.tsx";
import { decidedSentence } from "./tally-outcomes.ts";

type Props = {
  readonly selected: readonly Pick<CaseView, "id" | "version">[];
  readonly possible: number;
  readonly onSelectAll: () => void;
  readonly onClear: () => void;
};

const TO_REVIEW = { method: "post", action: "/app/review" } as const;

/** Decides several cases alike: a dry run first says what would happen to each, then a second press does it. */
export function BulkBar({ selected, possible, onSelectAll, onClear }: Props) {
  const dry = useFetcher<BulkAnswer>();
  const done = useFetcher<BulkAnswer>();
  const [intent, setIntent] = useState<BulkIntent | null>(null);
  const cases = JSON.stringify(selected.map(({ id, version }) => ({ caseId: id, version })));
  const ask = (as: BulkIntent) => {
    setIntent(as);
    dry.submit({ intent: `${as}_many`, cases, dryRun: "1", reason: "other", note: "" }, TO_REVIEW);
  };
  const finish = ({ reason, note }: BulkChoice) => {
    done.submit({ intent: `${intent ?? "approve"}_many`, cases, dryRun: "", reason, note }, TO_REVIEW);
    setIntent(null);
    onClear();
  };
  useToast(done.data !== undefined && "reviewed" in done.data ? decidedSentence(done.data.reviewed) : null);
  const isAll = selected.length === possible;
  return (
    <Card>
      <InlineStack gap="300" blockAlign="center" align="space-between">
        <Text as="p">{`${String(selected.length)} of ${String(possible)} held referrals selected`}</Text>
        <InlineStack gap="200">
          <Button onClick={isAll ? onClear : onSelectAll}>{isAll ? "Select none" : "Select all"}</Button>
          <Button disabled={selected.length === 0} onClick={() => ask("approve")}>
            Approve…
          </Button>
          <Button disabled={selected.length === 0} tone="critical" onClick={() => ask("reject")}>
            Reject…
          </Button>
        </InlineStack>
      </InlineStack>
      {intent !== null && (
        <BulkDialog
          intent={intent}
          answer={dry.state === "idle" ? dry.data : undefined}
          onFinish={finish}
          onClose={() => setIntent(null)}
        />
      )}
    </Card>
  );
}
