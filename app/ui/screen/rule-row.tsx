import { Badge, BlockStack, InlineStack, Select, Text, TextField } from "@shopify/polaris";
import type { RuleOutcomeView, RuleSettingView } from "../../screen-models.ts";
import { ruleWords } from "../rule-words.ts";
import type { RuleValues } from "./rule-values.ts";

const CHOICES: Readonly<Record<RuleOutcomeView, string>> = {
  block: "Stops it",
  hold: "Asks a person",
  none: "Only counts",
};

const LIMIT_WORDS: Readonly<Record<string, string>> = { device: "In one browser", network: "On one network" };

type Props = {
  readonly rule: RuleSettingView;
  readonly values: RuleValues;
  readonly onChange: (values: RuleValues) => void;
  /** What the server found wrong with a field. */
  readonly problemOf: (field: string) => string | false;
};

/** One rule: what it looks for, what happens when it fires, how much it weighs, and from which number on. */
export function RuleRow({ rule, values, onChange, problemOf }: Props) {
  const { title, meaning } = ruleWords(rule);
  const change = (part: Partial<RuleValues>) => onChange({ ...values, ...part });
  const [only] = rule.choices;
  return (
    <div className="gw-setting" role="group" aria-label={title}>
      <BlockStack gap="050">
        <InlineStack gap="200">
          <Text as="h3" variant="headingSm">
            {title}
          </Text>
          {rule.isBent && <Badge tone="info">Changed</Badge>}
        </InlineStack>
        <Text as="p" tone="subdued">
          {meaning}
        </Text>
      </BlockStack>
      {rule.choices.length === 1 && only !== undefined ? (
        <div>
          <Badge>{`Always: ${CHOICES[only].toLowerCase()}`}</Badge>
        </div>
      ) : (
        <div className="gw-setting__fields">
          <Select
            label="When it fires"
            options={rule.choices.map((value) => ({ value, label: CHOICES[value] }))}
            value={values.outcome}
            onChange={(outcome) =>
              change({ outcome: rule.choices.find((known) => known === outcome) ?? values.outcome })
            }
            error={problemOf("outcome")}
          />
          <TextField
            label="Weight"
            suffix="of 100"
            inputMode="numeric"
            value={values.weight}
            onChange={(weight) => change({ weight })}
            error={problemOf("weight")}
            autoComplete="off"
          />
          {rule.threshold !== null && (
            <TextField
              label={`Limit (${String(rule.threshold.least)} to ${String(rule.threshold.most)})`}
              suffix={rule.threshold.unit}
              inputMode="numeric"
              value={values.threshold}
              onChange={(threshold) => change({ threshold })}
              error={problemOf("threshold")}
              autoComplete="off"
            />
          )}
          {rule.limits.map(({ name, least, most, unit }) => (
            <TextField
              key={name}
              label={`${LIMIT_WORDS[name] ?? name} (${String(least)} to ${String(most)})`}
              suffix={unit}
              inputMode="numeric"
              value={values.limits[name] ?? ""}
              onChange={(typed) => change({ limits: { ...values.limits, [name]: typed } })}
              error={problemOf(`limits.${name}`)}
              autoComplete="off"
            />
          ))}
        </div>
      )}
    </div>
  );
}
