import { BlockStack, InlineStack, Text } from "@shopify/polaris";
import type { FiredRuleView } from "../../read-models.ts";
import { evidenceWords, outcomeWords, ruleWords } from "../rule-words.ts";

/** Each rule of the screen that fired: its name, what it means, and the numbers it saw. */
export function FiredRules({ rules }: { rules: readonly FiredRuleView[] }) {
  if (rules.length === 0) return <Text as="p">No rule fired.</Text>;
  return (
    <BlockStack gap="300">
      {rules.map((rule) => {
        const { title, meaning } = ruleWords(rule);
        const seen = evidenceWords(rule.evidence);
        return (
          <div className={`gw-rule gw-rule--${rule.outcome}`} key={rule.id}>
            <BlockStack gap="050">
              <InlineStack gap="200">
                <Text as="span" fontWeight="semibold">
                  {title}
                </Text>
                <Text as="span" tone="subdued">{`${outcomeWords(rule.outcome)}, weight ${String(rule.weight)}`}</Text>
              </InlineStack>
              <Text as="p">{meaning}</Text>
              {seen !== "" && (
                <Text as="p" variant="bodySm" tone="subdued">
                  {`Seen: ${seen}`}
                </Text>
              )}
            </BlockStack>
          </div>
        );
      })}
    </BlockStack>
  );
}
