import { Box, Card, IndexTable, Text, useBreakpoints } from "@shopify/polaris";
import type { LedgerBalanceView, LedgerUnitView } from "../../read-models.ts";
import { formatUnits } from "../format.ts";

/** The trial balance of one unit. Coupons have a table of their own: they have no price until they are used. */
export function UnitCard({ unit }: { unit: LedgerUnitView }) {
  const { smDown } = useBreakpoints();
  const isCoupon = unit.unit === "coupon";
  return (
    <Card padding="0">
      <Box padding="400">
        <Text as="h2" variant="headingMd">
          {isCoupon ? "Trial balance in coupons" : `Trial balance in ${unit.unit}`}
        </Text>
        <Text as="p" tone="subdued">
          {isCoupon
            ? `Percentages and free delivery, counted in pieces: what they cost is booked in money when they are used. Promised and not decided yet: ${formatUnits(unit.promised)}.`
            : `Promised and not decided yet: ${formatUnits(unit.promised)}.`}
        </Text>
      </Box>
      <IndexTable
        condensed={smDown}
        selectable={false}
        resourceName={{ singular: "account", plural: "accounts" }}
        itemCount={unit.balances.length + 1}
        headings={[
          { title: "Account" },
          { title: "Debits", alignment: "end" },
          { title: "Credits", alignment: "end" },
          { title: "Balance", alignment: "end" },
        ]}
      >
        {unit.balances.map((row, position) => (
          <AccountRow key={row.number} row={row} position={position} isCondensed={smDown} />
        ))}
        <TotalRow unit={unit} isCondensed={smDown} />
      </IndexTable>
    </Card>
  );
}

function AccountRow({
  row,
  position,
  isCondensed,
}: {
  row: LedgerBalanceView;
  position: number;
  isCondensed: boolean;
}) {
  const balance =
    row.balanceSide === "none"
      ? "Even"
      : `${formatUnits(row.balance)} ${row.balanceSide === "debit" ? "debit" : "credit"}`;
  if (isCondensed) {
    return (
      <IndexTable.Row id={row.number} position={position}>
        <div className="gw-row">
          <div className="gw-row__head">
            <Text as="span" fontWeight="semibold">
              {row.account}
            </Text>
            <Text as="span">{balance}</Text>
          </div>
          <Text as="span" tone="subdued">
            {`${row.number}: debits ${formatUnits(row.debit)}, credits ${formatUnits(row.credit)}`}
          </Text>
        </div>
      </IndexTable.Row>
    );
  }
  return (
    <IndexTable.Row id={row.number} position={position}>
      <IndexTable.Cell>{`${row.number} ${row.account}`}</IndexTable.Cell>
      <NumberCell text={formatUnits(row.debit)} />
      <NumberCell text={formatUnits(row.credit)} />
      <NumberCell text={balance} />
    </IndexTable.Row>
  );
}

function TotalRow({ unit, isCondensed }: { unit: LedgerUnitView; isCondensed: boolean }) {
  const position = unit.balances.length;
  if (isCondensed) {
    return (
      <IndexTable.Row id="total" position={position}>
        <div className="gw-row">
          <Text as="span" fontWeight="semibold">
            {`All: debits ${formatUnits(unit.debits)}, credits ${formatUnits(unit.credits)}`}
          </Text>
        </div>
      </IndexTable.Row>
    );
  }
  return (
    <IndexTable.Row id="total" position={position} rowType="subheader">
      <IndexTable.Cell>
        <Text as="span" fontWeight="semibold">
          All accounts
        </Text>
      </IndexTable.Cell>
      <NumberCell text={formatUnits(unit.debits)} />
      <NumberCell text={formatUnits(unit.credits)} />
      <NumberCell text={unit.debits.amount === unit.credits.amount ? "Even" : "Not even"} />
    </IndexTable.Row>
  );
}

function NumberCell({ text }: { text: string }) {
  return (
    <IndexTable.Cell>
      <Text as="span" alignment="end" numeric>
        {text}
      </Text>
    </IndexTable.Cell>
  );
}
