import { Banner, BlockStack, Divider, InlineStack, Text } from "@shopify/polaris";
import type { CaseView } from "../../read-models.ts";
import { StateBadge } from "../referrals/state-badge.tsx";
import { reasonWords } from "../why-words.ts";
import { OpenByHandForm } from "./open-by-hand-form.tsx";

/** What an appeal is about, and the form that answers it; what was rejected is not opened anew, but its rejection undone. */
export function AppealAnswer({ appeal }: { appeal: CaseView }) {
  const { referral, personId } = appeal;
  return (
    <BlockStack gap="400">
      {referral !== null && (
        <InlineStack gap="200" blockAlign="center">
          <Text as="span">The referral ended as</Text>
          <StateBadge state={referral.state} />
          {referral.reason !== null && <Text as="span" tone="subdued">{`${reasonWords(referral.reason)}.`}</Text>}
        </InlineStack>
      )}
      {referral?.state === "REJECTED" ? (
        <Banner tone="info">
          It was rejected with its order on record. If that was wrong, leave this appeal with a note, then press “Undo
          the rejection” on it under Decided.
        </Banner>
      ) : (
        personId !== null && <OpenByHandForm personId={personId} appeal={appeal} />
      )}
      <Divider />
      <Text as="h3" variant="headingSm">
        Or answer without a referral
      </Text>
    </BlockStack>
  );
}
