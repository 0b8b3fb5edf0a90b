import { useFetcher } from "@remix-run/react";
import { Banner, BlockStack, Card, Layout, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import type { TryAnswer } from "../../routes/app.screen.try.tsx";
import { SubmitButton } from "../submit-button.tsx";
import { TriedCard } from "./tried-card.tsx";

const FIELDS = [
  { name: "email", label: "E-mail", help: "" },
  { name: "phone", label: "Phone", help: "With its country's code, such as +44 7700 900001" },
  { name: "customer", label: "Customer number", help: "The number at the end of the customer's address in Shopify" },
  { name: "street", label: "Street and house number", help: "" },
  { name: "unit", label: "Flat or unit", help: "" },
  { name: "zip", label: "Postcode", help: "" },
  { name: "city", label: "City", help: "" },
  { name: "country", label: "Country", help: "Two letters, such as GB" },
] as const;

/** Two people, typed side by side, and what every rule says about them. */
export function TryForm() {
  const fetcher = useFetcher<TryAnswer>();
  const answer = fetcher.data;
  return (
    <BlockStack gap="400">
      <fetcher.Form method="post" action="/app/screen/try">
        <BlockStack gap="400">
          {answer !== undefined && "error" in answer && <Banner tone="critical">{answer.error.message}</Banner>}
          <Layout>
            <Layout.Section variant="oneHalf">
              <PersonCard who="referrer" title="The referrer" />
            </Layout.Section>
            <Layout.Section variant="oneHalf">
              <PersonCard who="friend" title="The friend" />
            </Layout.Section>
          </Layout>
          <div className="gw-choice">
            <SubmitButton look="primary" disabled={fetcher.state !== "idle"}>
              Try them
            </SubmitButton>
            <Text as="span" variant="bodySm" tone="subdued">
              People whom the shop knows are looked at with everything that it knows of them.
            </Text>
          </div>
        </BlockStack>
      </fetcher.Form>
      {answer !== undefined && "tried" in answer && <TriedCard tried={answer.tried} />}
    </BlockStack>
  );
}

function PersonCard({ who, title }: { who: "referrer" | "friend"; title: string }) {
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {title}
        </Text>
        {FIELDS.map(({ name, label, help }) => (
          <TextField
            key={name}
            label={label}
            helpText={help}
            name={`${who}.${name}`}
            value={values[name] ?? ""}
            onChange={(value) => setValues((before) => ({ ...before, [name]: value }))}
            maxLength={200}
            autoComplete="off"
          />
        ))}
      </BlockStack>
    </Card>
  );
}
