import { Box, Button, IndexTable, InlineStack, Link, Text, useBreakpoints } from "@shopify/polaris";
import type { ReferralListView, ReferralRowView, ReferralStateView } from "../../read-models.ts";
import { formatDay } from "../format.ts";
import { STATE_WORDS, whyWords } from "../why-words.ts";
import { EmptyNote } from "../empty-note.tsx";
import { StateBadge } from "./state-badge.tsx";

type Props = {
  list: ReferralListView;
  state: ReferralStateView | null;
  isFirstPage: boolean;
  /** Drawn in part of a page's width: each referral in lines of its own, as on a phone. */
  isNarrow?: boolean;
};

/** A page of referrals; rows lead to the referral, and the end of the page to the next one. */
export function ReferralTable({ list, state, isFirstPage, isNarrow = false }: Props) {
  const isCondensed = useBreakpoints().smDown || isNarrow;
  if (list.rows.length === 0) return <NoReferrals state={state} />;
  const query = state === null ? "" : `state=${state}&`;
  return (
    <>
      <IndexTable
        condensed={isCondensed}
        selectable={false}
        resourceName={{ singular: "referral", plural: "referrals" }}
        itemCount={list.rows.length}
        headings={[
          { title: "Friend" },
          { title: "Referred by" },
          { title: "Code" },
          { title: "Opened" },
          { title: "State" },
          { title: "Why" },
        ]}
      >
        {list.rows.map((row, position) => (
          <ReferralRow key={row.id} row={row} position={position} isCondensed={isCondensed} />
        ))}
      </IndexTable>
      {(list.nextCursor !== null || !isFirstPage) && (
        <Box padding="300" borderBlockStartWidth="025" borderColor="border">
          <InlineStack align="center" gap="300">
            {!isFirstPage && <Button url={`/app/referrals?${query}`}>Back to the newest</Button>}
            {list.nextCursor !== null && (
              <Button url={`/app/referrals?${query}cursor=${list.nextCursor}`}>Show older</Button>
            )}
          </InlineStack>
        </Box>
      )}
    </>
  );
}

function ReferralRow({ row, position, isCondensed }: { row: ReferralRowView; position: number; isCondensed: boolean }) {
  const url = `/app/referrals/${row.id}`;
  const friend = row.friend ?? `Friend ${row.shortId}`;
  if (isCondensed) {
    return (
      <IndexTable.Row id={row.id} position={position}>
        <div className="gw-row">
          <div className="gw-row__head">
            <Link url={url} removeUnderline monochrome dataPrimaryLink>
              <Text as="span" fontWeight="semibold">
                {friend}
              </Text>
            </Link>
            <StateBadge state={row.state} />
          </div>
          <Text
            as="span"
            tone="subdued"
          >{`${row.referrer ?? "A customer"}, code ${row.code ?? "gone"}, ${formatDay(row.openedAt)}`}</Text>
          <Text as="span">{whyWords(row)}</Text>
        </div>
      </IndexTable.Row>
    );
  }
  return (
    <IndexTable.Row id={row.id} position={position}>
      <IndexTable.Cell>
        <Link url={url} removeUnderline monochrome dataPrimaryLink>
          <Text as="span" fontWeight="semibold">
            {friend}
          </Text>
        </Link>
      </IndexTable.Cell>
      <IndexTable.Cell>{row.referrer ?? "A customer"}</IndexTable.Cell>
      <IndexTable.Cell>
        <span className="gw-code">{row.code ?? "gone"}</span>
      </IndexTable.Cell>
      <IndexTable.Cell>{formatDay(row.openedAt)}</IndexTable.Cell>
      <IndexTable.Cell>
        <StateBadge state={row.state} />
      </IndexTable.Cell>
      <IndexTable.Cell>
        <span className="gw-wrap">{whyWords(row)}</span>
      </IndexTable.Cell>
    </IndexTable.Row>
  );
}

function NoReferrals({ state }: { state: ReferralStateView | null }) {
  if (state !== null) {
    return (
      <EmptyNote
        title={`No referral is ${STATE_WORDS[state].label.toLowerCase()}`}
        action={{ content: "See all referrals", url: "/app/referrals" }}
      >
        Referrals move between these tabs by themselves as friends sign up, buy and pass the cooling-off.
      </EmptyNote>
    );
  }
  return (
    <EmptyNote title="No friend has come yet" action={{ content: "Look at your offer", url: "/app/program" }}>
      As soon as a friend who tapped a link signs up or buys, the referral appears here with the evidence for it.
    </EmptyNote>
  );
}
