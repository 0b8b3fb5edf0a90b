import { useFetcher } from "@remix-run/react";
import { Badge, Banner, BlockStack, Card, InlineStack, Select, Text } from "@shopify/polaris";
import { useState } from "react";
import type { PersonView } from "../../read-models.ts";
import { humanise } from "../format.ts";
import { NameForm } from "./name-form.tsx";
import { SubmitButton } from "../submit-button.tsx";
import { useToast } from "../use-toast.ts";

const REASONS = [
  { label: "Abuse: open referrals end too", value: "abuse" },
  { label: "The customer left", value: "customer_left" },
  { label: "Replaced by another link", value: "replaced" },
  { label: "Your own decision", value: "merchant" },
];

type Answer = { outcome: "retired"; voided: number } | { error: { message: string } };

/** A customer's link: whether it counts, and how to retire it. */
export function CodeCard({
  person,
}: {
  person: Pick<PersonView, "id" | "code" | "codeState" | "retiredReason" | "aliases">;
}) {
  const fetcher = useFetcher<Answer>();
  const [reason, setReason] = useState("merchant");
  useToast(fetcher.data !== undefined && "outcome" in fetcher.data ? "The link was retired" : null);
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            Link
          </Text>
          {person.codeState === "active" && <Badge tone="success">Active</Badge>}
          {person.codeState === "retired" && <Badge>Retired</Badge>}
        </InlineStack>
        {person.code === null ? (
          <Text as="p">No link yet.</Text>
        ) : (
          <p>
            <span className="gw-code">{person.code}</span>
          </p>
        )}
        {person.retiredReason !== null && (
          <Text as="p">{`Retired: ${humanise(person.retiredReason).toLowerCase()}.`}</Text>
        )}
        {person.codeState === "active" && <NameForm person={person} />}
        {fetcher.data !== undefined && "error" in fetcher.data && (
          <Banner tone="critical">{fetcher.data.error.message}</Banner>
        )}
        {person.codeState === "active" && (
          <fetcher.Form method="post" action={`/app/people/${person.id}`}>
            <BlockStack gap="300">
              <Select
                label="Reason for retiring"
                helpText="The link still leads to your shop, and nobody who uses it is referred any more."
                name="reason"
                options={REASONS}
                value={reason}
                onChange={setReason}
              />
              <div>
                <SubmitButton name="intent" value="retire_code" look="critical" disabled={fetcher.state !== "idle"}>
                  Retire the link
                </SubmitButton>
              </div>
            </BlockStack>
          </fetcher.Form>
        )}
      </BlockStack>
    </Card>
  );
}
