import { BlockStack, Box, Card, Text } from "@shopify/polaris";
import { useState } from "react";
import type { CaseView } from "../../read-models.ts";
import { EmptyNote } from "../empty-note.tsx";
import { BulkBar } from "./bulk-bar.tsx";
import { CaseCard } from "./case-card.tsx";

type Props = { readonly cases: readonly CaseView[]; readonly closed: readonly CaseView[] };

/** Every case that waits, then those that were decided; held referrals may be decided several at once. */
export function ReviewBoard({ cases, closed }: Props) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const held = cases.filter(isHeld);
  const selected = held.filter(({ id }) => chosen.has(id));
  const toggle = (id: string) =>
    setChosen((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  return (
    <BlockStack gap="400">
      {cases.length === 0 && (
        <Card>
          <EmptyNote title="Nothing waits for you" action={{ content: "See all referrals", url: "/app/referrals" }}>
            When the screen is not sure that referrer and friend are two people, or money went back after a reward, it
            waits here. Nothing is paid or taken back by waiting.
          </EmptyNote>
        </Card>
      )}
      {held.length > 1 && (
        <BulkBar
          selected={selected}
          possible={held.length}
          onSelectAll={() => setChosen(new Set(held.map(({ id }) => id)))}
          onClear={() => setChosen(new Set())}
        />
      )}
      {cases.map((openCase) => {
        const selection = { isChosen: chosen.has(openCase.id), onToggle: () => toggle(openCase.id) };
        const canChoose = held.length > 1 && isHeld(openCase);
        return <CaseCard key={openCase.id} openCase={openCase} showReferral {...(canChoose ? { selection } : {})} />;
      })}
      {closed.length > 0 && (
        <Box paddingInline={{ xs: "400", sm: "0" }}>
          <Text as="h2" variant="headingLg">
            Decided
          </Text>
        </Box>
      )}
      {closed.map((closedCase) => (
        <CaseCard key={closedCase.id} openCase={closedCase} showReferral />
      ))}
    </BlockStack>
  );
}

function isHeld({ choices }: CaseView): boolean {
  return choices.some(({ intent, obstacle }) => intent === "approve" && obstacle === null);
}
