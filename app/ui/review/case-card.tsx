import { Badge, BlockStack, Card, InlineStack, Link, Text } from "@shopify/polaris";
import type { CaseView } from "../../read-models.ts";
import { formatInstant } from "../format.ts";
import { FiredRules } from "../referrals/fired-rules.tsx";
import { caseWords } from "../rule-words.ts";
import { reasonWords } from "../why-words.ts";
import { DecideForm } from "./decide-form.tsx";

/** One open case: who is concerned, what is asked, the evidence, and the two answers. */
export function CaseCard({ openCase, showReferral }: { openCase: CaseView; showReferral: boolean }) {
  const { title, question } = caseWords(openCase.kind);
  const people = `${openCase.friend ?? `Friend ${openCase.shortId ?? ""}`.trim()}, referred by ${openCase.referrer ?? "a customer"}`;
  return (
    <Card>
      <BlockStack gap="400">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            {showReferral ? people : title}
          </Text>
          {openCase.overdue ? (
            <Badge tone="critical">Overdue</Badge>
          ) : (
            <Badge tone="warning">{showReferral ? title : "Waits for you"}</Badge>
          )}
        </InlineStack>
        <BlockStack gap="100">
          <Text as="p">{question}</Text>
          <Text as="p" variant="bodySm" tone="subdued">
            {`${reasonWords(openCase.reason)}. Open since ${formatInstant(openCase.openedAt)}.`}
          </Text>
        </BlockStack>
        {openCase.rules.length > 0 && <FiredRules rules={openCase.rules} />}
        <DecideForm openCase={openCase} />
        {showReferral && openCase.referralId !== null && (
          <Link url={`/app/referrals/${openCase.referralId}`}>See the whole referral</Link>
        )}
      </BlockStack>
    </Card>
  );
}
