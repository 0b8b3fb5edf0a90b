import { Badge, BlockStack, Card, InlineStack, Link, Text } from "@shopify/polaris";
import type { CaseView } from "../../read-models.ts";
import { formatInstant } from "../format.ts";
import { FiredRules } from "../referrals/fired-rules.tsx";
import { caseWords } from "../rule-words.ts";
import { reasonWords } from "../why-words.ts";
import { CaseNumbers } from "./case-numbers.tsx";
import { decisionWords } from "./choice-words.ts";
import { DecideForm } from "./decide-form.tsx";

/** One case: who is concerned, what is asked, the evidence or the numbers, and the answers that fit. */
export function CaseCard({ openCase, showReferral }: { openCase: CaseView; showReferral: boolean }) {
  const { title, question } = caseWords(openCase.kind);
  return (
    <Card>
      <BlockStack gap="400">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            {showReferral ? peopleOf(openCase) : title}
          </Text>
          <CaseBadge openCase={openCase} words={showReferral ? title : "Waits for you"} />
        </InlineStack>
        <BlockStack gap="100">
          {openCase.state === "open" && <Text as="p">{question}</Text>}
          <Text as="p" variant="bodySm" tone="subdued">
            {`${showReferral && openCase.state === "closed" ? `${title}. ` : ""}${reasonWords(openCase.reason)}. ${openCase.state === "open" ? "Open since" : "Opened"} ${formatInstant(openCase.openedAt)}.`}
          </Text>
        </BlockStack>
        {openCase.rules.length > 0 && <FiredRules rules={openCase.rules} />}
        <CaseNumbers openCase={openCase} />
        {(openCase.state === "open" || openCase.choices.length > 0) && <DecideForm openCase={openCase} />}
        {showReferral && <CaseLinks openCase={openCase} />}
      </BlockStack>
    </Card>
  );
}

function CaseBadge({ openCase, words }: { openCase: CaseView; words: string }) {
  if (openCase.state === "closed") return <Badge>{decisionWords(openCase.decision)}</Badge>;
  return openCase.overdue ? <Badge tone="critical">Overdue</Badge> : <Badge tone="warning">{words}</Badge>;
}

function CaseLinks({ openCase }: { openCase: CaseView }) {
  return (
    <InlineStack gap="400">
      {openCase.referralId !== null && (
        <Link url={`/app/referrals/${openCase.referralId}`}>See the whole referral</Link>
      )}
      {openCase.referrerPerson !== null && <Link url={`/app/people/${openCase.referrerPerson}`}>See the referrer</Link>}
    </InlineStack>
  );
}

function peopleOf({ referralId, friend, shortId, referrer }: CaseView): string {
  if (referralId === null) return friend ?? "A customer";
  return `${friend ?? `Friend ${shortId ?? ""}`.trim()}, referred by ${referrer ?? "a customer"}`;
}
