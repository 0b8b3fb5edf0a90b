import { Badge, BlockStack, Card, InlineStack, Text } from "@shopify/polaris";
import type { DecisionView } from "../../read-models.ts";
import { formatInstant, humanise } from "../format.ts";
import { FiredRules } from "./fired-rules.tsx";

const VERDICTS: Readonly<
  Record<string, { readonly label: string; readonly tone: "success" | "warning" | "critical" }>
> = {
  pass: { label: "Passed", tone: "success" },
  hold: { label: "Held", tone: "warning" },
  block: { label: "Blocked", tone: "critical" },
};

/** What the screen said last, rule by rule. No model takes part in it: the same facts give the same answer. */
export function DecisionCard({ decision, wasPaid }: { decision: DecisionView; wasPaid: boolean }) {
  const verdict = VERDICTS[decision.verdict];
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            Screen
          </Text>
          {verdict === undefined ? (
            <Badge>{humanise(decision.verdict)}</Badge>
          ) : (
            <Badge tone={verdict.tone}>{verdict.label}</Badge>
          )}
        </InlineStack>
        <FiredRules rules={decision.rules} />
        {wasPaid && decision.verdict !== "pass" && <Text as="p">A reviewer saw this and approved the referral.</Text>}
        <Text as="p" variant="bodySm" tone="subdued">
          {`Score ${String(decision.score)} of 100, ${decision.occasion}, ${formatInstant(decision.at)}, rules ${decision.ruleset}`}
        </Text>
      </BlockStack>
    </Card>
  );
}
