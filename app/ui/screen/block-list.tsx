import { useFetcher } from "@remix-run/react";
import { Banner, BlockStack, Card, InlineStack, Link, Select, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import type { BlocksAnswer } from "../../routes/app.screen.blocks.tsx";
import type { BlockView } from "../../screen-models.ts";
import { EmptyNote } from "../empty-note.tsx";
import { formatDay } from "../format.ts";
import { SubmitButton } from "../submit-button.tsx";
import { useToast } from "../use-toast.ts";

const KINDS = [
  { label: "E-mail domain", value: "domain" },
  { label: "Link", value: "code" },
];
const KIND_WORDS = { domain: "E-mail domain", code: "Link", person: "Customer" } as const;

/** The merchant's own list: what is on it, and a form for one more. Customers are listed from their own page. */
export function BlockList({ blocks }: { blocks: readonly BlockView[] }) {
  const fetcher = useFetcher<BlocksAnswer>();
  const answer = fetcher.data;
  useToast(answer !== undefined && "outcome" in answer ? (answer.outcome === "added" ? "Added" : "Removed") : null);
  return (
    <BlockStack gap="400">
      {answer !== undefined && "error" in answer && <Banner tone="critical">{answer.error.message}</Banner>}
      <Card>
        {blocks.length === 0 ? (
          <EmptyNote title="Nobody is listed">
            The screen does its work without this list. Use it for a domain that only brings trouble, a link that was
            posted on a coupon site, or, from a customer&apos;s page, a customer.
          </EmptyNote>
        ) : (
          <BlockStack gap="300">
            {blocks.map((block) => (
              <fetcher.Form key={block.id} method="post" action="/app/screen/blocks">
                <input type="hidden" name="id" value={block.id} />
                <div className="gw-line gw-line--wide">
                  <BlockStack gap="050">
                    <InlineStack gap="200">
                      <Subject block={block} />
                      <Text as="span" tone="subdued">
                        {`${KIND_WORDS[block.kind]}, since ${formatDay(block.addedAt)}`}
                      </Text>
                    </InlineStack>
                    <Text as="p">{block.reason}</Text>
                  </BlockStack>
                  <SubmitButton name="intent" value="remove" disabled={fetcher.state !== "idle"}>
                    Remove
                  </SubmitButton>
                </div>
              </fetcher.Form>
            ))}
          </BlockStack>
        )}
      </Card>
      <AddCard key={blocks.length} fetcher={fetcher} />
    </BlockStack>
  );
}

function Subject({ block }: { block: BlockView }) {
  if (block.kind === "person") return <Link url={`/app/people/${block.subject}`}>See the customer</Link>;
  return <span className="gw-code">{block.subject}</span>;
}

function AddCard({ fetcher }: { fetcher: ReturnType<typeof useFetcher<BlocksAnswer>> }) {
  const [kind, setKind] = useState("domain");
  const [subject, setSubject] = useState("");
  const [reason, setReason] = useState("");
  return (
    <Card>
      <fetcher.Form method="post" action="/app/screen/blocks">
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd">
            Add to the list
          </Text>
          <Select label="What" name="kind" options={KINDS} value={kind} onChange={setKind} />
          <TextField
            label={kind === "domain" ? "Domain" : "Code of the link"}
            name="subject"
            value={subject}
            onChange={setSubject}
            maxLength={253}
            autoComplete="off"
          />
          <TextField label="Why" name="reason" value={reason} onChange={setReason} maxLength={500} autoComplete="off" />
          <div>
            <SubmitButton name="intent" value="add" look="primary" disabled={fetcher.state !== "idle"}>
              Add
            </SubmitButton>
          </div>
        </BlockStack>
      </fetcher.Form>
    </Card>
  );
}
