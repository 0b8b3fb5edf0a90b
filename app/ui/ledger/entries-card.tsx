import { Box, Button, Card, IndexTable, InlineStack, Link, Text, useBreakpoints } from "@shopify/polaris";
import type { LedgerEntryView, LedgerView } from "../../read-models.ts";
import { EmptyNote } from "../empty-note.tsx";
import { formatDay, formatInstant, formatUnits } from "../format.ts";

type Props = { ledger: Pick<LedgerView, "entries" | "nextCursor">; isFirstPage: boolean };

/** A page of entries, newest first. Nothing here can be edited: a mistake is put right by another entry. */
export function EntriesCard({ ledger, isFirstPage }: Props) {
  const { smDown } = useBreakpoints();
  if (ledger.entries.length === 0) {
    return (
      <Card>
        <EmptyNote title="Nothing is booked yet" action={{ content: "Look at your offer", url: "/app/program" }}>
          The first entry is the promise to a referrer and a friend, when the friend comes through a link.
        </EmptyNote>
      </Card>
    );
  }
  return (
    <Card padding="0">
      <Box padding="400">
        <Text as="h2" variant="headingMd">
          Entries
        </Text>
      </Box>
      <IndexTable
        condensed={smDown}
        selectable={false}
        resourceName={{ singular: "entry", plural: "entries" }}
        itemCount={ledger.entries.length}
        headings={[
          { title: "Date" },
          { title: "Entry" },
          { title: "Debit, then credit" },
          { title: "Amount", alignment: "end" },
          { title: "About" },
        ]}
      >
        {ledger.entries.map((entry, position) => (
          <EntryRow key={entry.id} entry={entry} position={position} isCondensed={smDown} />
        ))}
      </IndexTable>
      {(ledger.nextCursor !== null || !isFirstPage) && (
        <Box padding="300" borderBlockStartWidth="025" borderColor="border">
          <InlineStack align="center" gap="300">
            {!isFirstPage && <Button url="/app/ledger">Back to the newest</Button>}
            {ledger.nextCursor !== null && <Button url={`/app/ledger?cursor=${ledger.nextCursor}`}>Show older</Button>}
          </InlineStack>
        </Box>
      )}
    </Card>
  );
}

function EntryRow({
  entry,
  position,
  isCondensed,
}: {
  entry: LedgerEntryView;
  position: number;
  isCondensed: boolean;
}) {
  const tone = entry.isPromise ? "subdued" : undefined;
  if (isCondensed) {
    return (
      <IndexTable.Row id={entry.id} position={position}>
        <div className="gw-row">
          <div className="gw-row__head">
            <Text as="span" fontWeight="semibold">
              {entry.description}
            </Text>
            <Text as="span">{formatUnits(entry.amount)}</Text>
          </div>
          <Text as="span" tone="subdued">
            {`${formatDay(entry.at)}: ${entry.debit} to ${entry.credit}`}
          </Text>
          <About entry={entry} />
        </div>
      </IndexTable.Row>
    );
  }
  return (
    <IndexTable.Row id={entry.id} position={position}>
      <IndexTable.Cell>{formatInstant(entry.at)}</IndexTable.Cell>
      <IndexTable.Cell>
        <Text as="span" {...(tone === undefined ? {} : { tone })}>
          {entry.description}
        </Text>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <span className="gw-wrap">
          {entry.debit}
          <br />
          {entry.credit}
        </span>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <Text as="span" alignment="end" numeric>
          {formatUnits(entry.amount)}
        </Text>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <About entry={entry} />
      </IndexTable.Cell>
    </IndexTable.Row>
  );
}

function About({ entry }: { entry: LedgerEntryView }) {
  const order = entry.orderId === null ? null : `Order ${entry.orderId}`;
  if (entry.referralId === null) return <Text as="span">{order ?? "A case"}</Text>;
  return (
    <span>
      <Link url={`/app/referrals/${entry.referralId}`} removeUnderline monochrome>
        {`Referral ${entry.shortId ?? ""}`}
      </Link>
      {order !== null && `, ${order.toLowerCase()}`}
    </span>
  );
}
