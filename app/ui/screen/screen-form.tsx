import { useFetcher } from "@remix-run/react";
import { Banner, BlockStack, Card, Layout, Text } from "@shopify/polaris";
import { useState } from "react";
import type { ScreenAnswer } from "../../routes/app.screen._index.tsx";
import type { RuleSettingView } from "../../screen-models.ts";
import { useToast } from "../use-toast.ts";
import { BackTestCard } from "./back-test-card.tsx";
import { RuleRow } from "./rule-row.tsx";
import type { RuleValues } from "./rule-values.ts";
import { changesOf, valuesOf } from "./rule-values.ts";
import { TryCard } from "./try-card.tsx";

const FAMILIES = [
  { id: "self", title: "Is it one person?" },
  { id: "duplicate", title: "Have they been here before?" },
  { id: "velocity", title: "Too many, too fast?" },
  { id: "bot", title: "Is it a person at all?" },
  { id: "leak", title: "Where does the link lie about?" },
  { id: "risk", title: "Is the order sound?" },
  { id: "ring", title: "Does it lead in circles?" },
  { id: "merchant", title: "Your own list" },
  { id: "evidence", title: "What cannot be seen" },
] as const;
const TO_SCREEN = { method: "post", action: "/app/screen?index" } as const;

/** Every rule with its outcome, weight and number; changed ones are tried on the past before they are saved. */
export function ScreenForm({ rules }: { rules: readonly RuleSettingView[] }) {
  const tried = useFetcher<ScreenAnswer>();
  const saved = useFetcher<ScreenAnswer>();
  const [values, setValues] = useState<Readonly<Record<string, RuleValues>>>({});
  const changes = changesOf(rules, values);
  const form = { screen: JSON.stringify(changes) };
  const problems = [tried.data, saved.data].flatMap((answer) => (answer?.outcome === "invalid" ? answer.problems : []));
  useToast(saved.data?.outcome === "saved" ? `Saved as version ${String(saved.data.version)}` : null);
  return (
    <Layout>
      <Layout.Section>
        <BlockStack gap="400">
          {problems.length > 0 && <Banner tone="critical">Please look at the fields marked in red.</Banner>}
          {tried.data?.outcome === "tested" && <BackTestCard backTest={tried.data.backTest} />}
          <Families
            rules={rules}
            values={values}
            problems={problems}
            onChange={(id, next) => setValues((before) => ({ ...before, [id]: next }))}
          />
        </BlockStack>
      </Layout.Section>
      <Layout.Section variant="oneThird">
        <div className="gw-sticky">
          <TryCard
            changedCount={Object.keys(changes).length}
            isTrying={tried.state !== "idle"}
            isSaving={saved.state !== "idle"}
            onTry={(months) => tried.submit({ ...form, intent: "test", months }, TO_SCREEN)}
            onSave={() => saved.submit({ ...form, intent: "save" }, TO_SCREEN)}
          />
        </div>
      </Layout.Section>
    </Layout>
  );
}

type FamiliesProps = {
  readonly rules: readonly RuleSettingView[];
  readonly values: Readonly<Record<string, RuleValues>>;
  readonly problems: readonly { readonly path: string; readonly message: string }[];
  readonly onChange: (id: string, values: RuleValues) => void;
};

function Families({ rules, values, problems, onChange }: FamiliesProps) {
  return FAMILIES.map(({ id: family, title }) => (
    <Card key={family}>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          {title}
        </Text>
        {rules
          .filter((rule) => rule.family === family)
          .map((rule) => (
            <RuleRow
              key={rule.id}
              rule={rule}
              values={values[rule.id] ?? valuesOf(rule)}
              onChange={(next) => onChange(rule.id, next)}
              problemOf={(field) =>
                problems.find(({ path }) => path === `screen.${rule.id}.${field}`)?.message ?? false
              }
            />
          ))}
      </BlockStack>
    </Card>
  ));
}
