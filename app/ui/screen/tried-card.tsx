import { Badge, BlockStack, Card, InlineStack, Link, Text } from "@shopify/polaris";
import type { TriedView } from "../../screen-models.ts";
import { FiredRules } from "../referrals/fired-rules.tsx";
import { ruleWords } from "../rule-words.ts";

const VERDICTS = {
  pass: { words: "They would be paid", tone: "success" },
  hold: { words: "A person would be asked", tone: "warning" },
  block: { words: "Nobody would be paid", tone: "critical" },
} as const;
const SAID = { quiet: "quiet", off: "switched off", failed: "could not look", fired: "fired" } as const;

/** The verdict on two people, and what every rule had to say, the quiet ones too. */
export function TriedCard({ tried }: { tried: TriedView }) {
  const { words, tone } = VERDICTS[tried.verdict];
  const fired = tried.rules.filter(({ said }) => said === "fired");
  const others = tried.rules.filter(({ said }) => said !== "fired");
  return (
    <Card>
      <BlockStack gap="400">
        <InlineStack gap="200" blockAlign="center">
          <Text as="h2" variant="headingMd">
            {words}
          </Text>
          <Badge tone={tone}>{`Score ${String(tried.score)} of 100`}</Badge>
        </InlineStack>
        <FiredRules rules={fired.map((rule) => ({ ...rule, outcome: rule.outcome ?? "none" }))} />
        <InlineStack gap="400">
          {tried.referrerPerson !== null && <Link url={`/app/people/${tried.referrerPerson}`}>See the referrer</Link>}
          {tried.friendPerson !== null && <Link url={`/app/people/${tried.friendPerson}`}>See the friend</Link>}
        </InlineStack>
        <Text as="p" variant="bodySm" tone="subdued">
          {`The others: ${others.map(({ id, said }) => `${ruleWords({ id }).title.toLowerCase()} (${SAID[said]})`).join(", ")}.`}
        </Text>
      </BlockStack>
    </Card>
  );
}
