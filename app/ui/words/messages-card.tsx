import { Link, useFetcher } from "@remix-run/react";
import { Badge, Banner, BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import type { WordsView } from "../../words-view.ts";
import { formatDay } from "../format.ts";
import { useToast } from "../use-toast.ts";
import { messageReason } from "./message-words.ts";

type Message = WordsView["messages"][number];
type Answer = { outcome: "queued" } | { error: { message: string } };

/** Messages that did not reach anybody for certain, with what can be done. */
export function MessagesCard({ messages }: { messages: readonly Message[] }) {
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          Not delivered
        </Text>
        {messages.length === 0 && <Text as="p">Every message went out, or is on its way.</Text>}
        {messages.map((message) => (
          <MessageRow key={message.id} message={message} />
        ))}
      </BlockStack>
    </Card>
  );
}

function MessageRow({ message }: { message: Message }) {
  const fetcher = useFetcher<Answer>();
  useToast(fetcher.data !== undefined && "outcome" in fetcher.data ? "It is sent again" : null);
  const title = `Thanks to the ${message.side === "referrer" ? "customer" : "friend"}, ${formatDay(message.at)}`;
  return (
    <BlockStack gap="200">
      <InlineStack align="space-between" blockAlign="center" gap="200">
        <Text as="h3" variant="bodyMd" fontWeight="semibold">
          {message.referralId === null ? title : <Link to={`/app/referrals/${message.referralId}`}>{title}</Link>}
        </Text>
        <Badge tone={message.state === "failed" ? "critical" : "warning"}>
          {message.state === "failed" ? "Failed" : "Unknown"}
        </Badge>
      </InlineStack>
      <Text as="p" tone="subdued">
        {messageReason(message.state, message.reason)}
      </Text>
      {fetcher.data !== undefined && "error" in fetcher.data && (
        <Banner tone="critical">{fetcher.data.error.message}</Banner>
      )}
      {message.state === "failed" && (
        <InlineStack>
          <Button
            size="slim"
            loading={fetcher.state !== "idle"}
            onClick={() =>
              fetcher.submit({ intent: "resend", noteId: message.id }, { method: "post", action: "/app/words" })
            }
          >
            Send again
          </Button>
        </InlineStack>
      )}
    </BlockStack>
  );
}
