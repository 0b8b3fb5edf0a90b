import { Banner, BlockStack, Card, List, Text } from "@shopify/polaris";
import type { ImportCodesResult } from "../../goodword.ts";
import { formatCount } from "../format.ts";

export type ImportAnswer = Exclude<ImportCodesResult, { outcome: "refused" }> | { error: { message: string } };
type Report = Exclude<ImportAnswer, { error: unknown }>;

const PROBLEMS_SHOWN_MAX = 100;

const WORDS: Readonly<Record<Report["problems"][number]["reason"], string>> = {
  not_two_fields: "needs a code and a customer, parted by a comma",
  not_a_name: "the code needs 3 to 32 letters, digits or hyphens, and is no word that the shop's links use themselves",
  not_a_customer: "the customer is neither an e-mail address nor Shopify's id",
  unknown_customer: "the shop has no such customer",
  taken: "the code leads to somebody else's link already",
  currency_changed: "save the programme in the shop's new currency first",
};

/** What an import did, or would do, and the lines that it cannot take. */
export function ImportReport({ report }: { report: Report }) {
  const { outcome, lines, added, known, minted, problems } = report;
  const did = outcome === "imported";
  return (
    <Card>
      <BlockStack gap="300">
        <Banner tone={problems.length === 0 ? "success" : "warning"}>
          {did
            ? `${formatCount(added)} of ${formatCount(lines)} codes were brought over.`
            : `${formatCount(added)} of ${formatCount(lines)} codes can be brought over. Nothing was changed yet.`}
        </Banner>
        <List>
          <List.Item>{`${formatCount(known)} led to the right link before.`}</List.Item>
          <List.Item>{`${formatCount(minted)} customers ${did ? "got" : "would get"} a link of their own.`}</List.Item>
          <List.Item>{`${formatCount(problems.length)} lines cannot be taken.`}</List.Item>
        </List>
        {problems.length > 0 && (
          <BlockStack gap="100">
            <Text as="h2" variant="headingSm">
              Lines that cannot be taken
            </Text>
            <List>
              {problems.slice(0, PROBLEMS_SHOWN_MAX).map(({ line, text, reason }) => (
                <List.Item key={line}>{`Line ${String(line)}, “${text}”: ${WORDS[reason]}.`}</List.Item>
              ))}
            </List>
          </BlockStack>
        )}
      </BlockStack>
    </Card>
  );
}
