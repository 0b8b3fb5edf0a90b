import { useFetcher } from "@remix-run/react";
import { Banner, BlockStack, InlineStack, TextField } from "@shopify/polaris";
import { useState } from "react";
import type { PersonView } from "../../read-models.ts";
import { SubmitButton } from "../submit-button.tsx";
import { useToast } from "../use-toast.ts";

type Answer = { outcome: "named" | "known"; alias: string } | { error: { message: string } };

/** Another name for a customer's link, beside the ones it has. */
export function NameForm({ person }: { person: Pick<PersonView, "id" | "aliases"> }) {
  const fetcher = useFetcher<Answer>();
  const [name, setName] = useState("");
  useToast(fetcher.data !== undefined && "outcome" in fetcher.data ? "The link has another name" : null);
  return (
    <fetcher.Form method="post" action={`/app/people/${person.id}`}>
      <BlockStack gap="200">
        {fetcher.data !== undefined && "error" in fetcher.data && (
          <Banner tone="critical">{fetcher.data.error.message}</Banner>
        )}
        {person.aliases.length > 0 && (
          <InlineStack gap="200">
            {person.aliases.map((alias) => (
              <span key={alias} className="gw-code">
                {alias}
              </span>
            ))}
          </InlineStack>
        )}
        <TextField
          label="Another name for the link"
          helpText="Letters, digits and hyphens, such as dan-and-mara. The code goes on working."
          name="name"
          autoComplete="off"
          value={name}
          onChange={setName}
        />
        <div>
          <SubmitButton name="intent" value="name_link" disabled={fetcher.state !== "idle" || name.trim() === ""}>
            Add the name
          </SubmitButton>
        </div>
      </BlockStack>
    </fetcher.Form>
  );
}
