import { BlockStack, Card, List, Text } from "@shopify/polaris";
import type { ClickView, ReferralDetailView } from "../../read-models.ts";
import { formatInstant } from "../format.ts";
import { carrierWords, lossWords } from "../why-words.ts";

/** Why this referrer and nobody else: the tap that won, and every tap that did not count. */
export function EvidenceCard({ winner, losers, code }: Pick<ReferralDetailView, "winner" | "losers" | "code">) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Evidence
        </Text>
        {winner === null ? (
          <Text as="p">
            There is no tap on record: a person opened this referral, or the evidence went with the friend&apos;s data.
          </Text>
        ) : (
          <Text as="p">
            {`The last valid tap was on ${winner.code ?? code ?? "this link"}${whenOf(winner)}, found in ${carrierWords(winner.carrier)}.`}
          </Text>
        )}
        {losers.length > 0 && (
          <BlockStack gap="100">
            <Text as="h3" variant="headingSm">
              Taps that did not count
            </Text>
            <List>
              {losers.map((loser, index) => (
                <List.Item key={`${loser.clickedAt ?? ""} ${String(index)}`}>
                  {`${loser.code ?? "A tap"}${whenOf(loser)}: ${lossWords(loser.reason)}`}
                </List.Item>
              ))}
            </List>
          </BlockStack>
        )}
      </BlockStack>
    </Card>
  );
}

function whenOf(click: ClickView): string {
  return click.clickedAt === null ? "" : `, ${formatInstant(click.clickedAt)}`;
}
