import { Badge, Banner, BlockStack, Card, Checkbox, InlineStack, Link, Text } from "@shopify/polaris";
import type { CaseView } from "../../read-models.ts";
import { formatInstant } from "../format.ts";
import { FiredRules } from "../referrals/fired-rules.tsx";
import { caseWords } from "../rule-words.ts";
import { reasonWords } from "../why-words.ts";
import { AppealAnswer } from "./appeal-answer.tsx";
import { CaseNumbers } from "./case-numbers.tsx";
import { decisionWords } from "./choice-words.ts";
import { DecideForm } from "./decide-form.tsx";

type Props = {
  readonly openCase: CaseView;
  readonly showReferral: boolean;
  /** Where several cases may be decided alike. */
  readonly selection?: { readonly isChosen: boolean; readonly onToggle: () => void };
};

/** One case: who is concerned, what is asked, the evidence or the numbers, and the answers that fit. */
export function CaseCard({ openCase, showReferral, selection }: Props) {
  const { title, question } = caseWords(openCase.kind);
  const heading = showReferral ? peopleOf(openCase) : title;
  return (
    <div className="gw-case" role="group" data-case={openCase.id} tabIndex={-1} aria-label={heading}>
      <Card>
        <BlockStack gap="400">
          <InlineStack align="space-between" blockAlign="center" gap="200">
            <Text as="h2" variant="headingMd">
              {heading}
            </Text>
            <CaseBadge openCase={openCase} words={showReferral ? title : "Waits for you"} />
          </InlineStack>
          {selection !== undefined && (
            <Checkbox
              label="Select, to decide several alike"
              checked={selection.isChosen}
              onChange={selection.onToggle}
            />
          )}
          {openCase.waitsForSecond && (
            <Banner tone="warning">One of two people has approved this. Somebody else has to approve it too.</Banner>
          )}
          <BlockStack gap="100">
            {openCase.state === "open" && <Text as="p">{question}</Text>}
            <Text as="p" variant="bodySm" tone="subdued">
              {`${showReferral && openCase.state === "closed" ? `${title}. ` : ""}${reasonWords(openCase.reason)}. ${openCase.state === "open" ? "Open since" : "Opened"} ${formatInstant(openCase.openedAt)}.`}
            </Text>
          </BlockStack>
          {openCase.rules.length > 0 && <FiredRules rules={openCase.rules} />}
          <CaseNumbers openCase={openCase} />
          {openCase.kind === "appeal" && openCase.state === "open" && <AppealAnswer appeal={openCase} />}
          {(openCase.state === "open" || openCase.choices.length > 0) && <DecideForm openCase={openCase} />}
          {showReferral && <CaseLinks openCase={openCase} />}
        </BlockStack>
      </Card>
    </div>
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
