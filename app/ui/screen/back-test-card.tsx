import { Badge, BlockStack, Card, InlineStack, Link, Text } from "@shopify/polaris";
import { useEffect, useRef } from "react";
import type { BackTestView } from "../../screen-models.ts";
import { formatDay } from "../format.ts";
import { ruleWords } from "../rule-words.ts";

const CHANGES = {
  held: { words: "Would wait for a person", tone: "warning" },
  blocked: { words: "Would be stopped", tone: "critical" },
  released: { words: "Would pass", tone: "success" },
} as const;
const VERDICTS = { pass: "passed", hold: "held", block: "stopped" } as const;

/** What changed settings would have done to the referrals of the last months, in numbers and case by case. */
export function BackTestCard({ backTest }: { backTest: BackTestView }) {
  const { tested, held, blocked, released, cases } = backTest;
  const top = useRef<HTMLDivElement>(null);
  // It stands above the rules, and the button that asks for it may be far below.
  useEffect(() => {
    top.current?.scrollIntoView({ block: "center" });
  }, [backTest]);
  return (
    <Card>
      <div ref={top} />
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          What it would have done
        </Text>
        <div role="status">
          <Text as="p">{sentenceOf(tested, held + blocked + released)}</Text>
        </div>
        <InlineStack gap="300">
          <Badge tone="warning">{`${String(held)} more held`}</Badge>
          <Badge tone="critical">{`${String(blocked)} more stopped`}</Badge>
          <Badge tone="success">{`${String(released)} let through`}</Badge>
        </InlineStack>
        {cases.map((each) => (
          <div className="gw-line" key={each.referralId}>
            <Link url={`/app/referrals/${each.referralId}`}>{`Referral of ${formatDay(each.at)}`}</Link>
            <Badge tone={CHANGES[each.change].tone}>{CHANGES[each.change].words}</Badge>
            <Text as="span" variant="bodySm" tone="subdued">
              {`${VERDICTS[each.was.verdict]} with ${String(each.was.score)}, now ${String(each.would.score)}${rulesOf(each.rules)}`}
            </Text>
          </div>
        ))}
        <Fine backTest={backTest} />
      </BlockStack>
    </Card>
  );
}

function Fine({ backTest }: { backTest: BackTestView }) {
  const { cases, held, blocked, released, unreadable, isTruncated } = backTest;
  const more = held + blocked + released - cases.length;
  const sentences = [
    more > 0 ? `${String(more)} more are not shown.` : "",
    unreadable > 0 ? `${String(unreadable)} decisions are too old to be read and were left out.` : "",
    isTruncated ? "There were more referrals than are looked at; the newest were taken." : "",
    "Nothing was changed. What a person approved is not known to a test like this.",
  ];
  return (
    <Text as="p" variant="bodySm" tone="subdued">
      {sentences.filter((sentence) => sentence !== "").join(" ")}
    </Text>
  );
}

function sentenceOf(tested: number, changed: number): string {
  if (tested === 0) return "There were no referrals in that time.";
  if (changed === 0) return `None of ${String(tested)} referrals would have come out differently.`;
  return `${String(changed)} of ${String(tested)} referrals would have come out differently.`;
}

function rulesOf(ids: readonly string[]): string {
  return ids.length === 0 ? "" : `: ${ids.map((id) => ruleWords({ id }).title.toLowerCase()).join(", ")}`;
}
