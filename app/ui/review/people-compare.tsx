import { useFetcher } from "@remix-run/react";
import { Badge, Banner, BlockStack, Card, SkeletonBodyText, Text } from "@shopify/polaris";
import { useEffect } from "react";
import type { ComparisonView } from "../../read-models.ts";
import type { PeopleAnswer } from "../../routes/app.referrals.$id_.people.ts";
import { humanise } from "../format.ts";

const FACTS: Readonly<Record<string, string>> = {
  email: "E-mail",
  zip: "Postcode",
  unit: "Flat or unit",
  card: "Card",
};
const LIKENESS = {
  same: { words: "The same", tone: "critical" },
  alike: { words: "Almost the same", tone: "warning" },
  different: { words: "Different", tone: "success" },
  unknown: { words: "Not shown", tone: undefined },
} as const;

/** Referrer and friend side by side, read from Shopify while the case is open and kept nowhere. */
export function PeopleCompare({ referralId }: { referralId: string }) {
  const { load, data } = useFetcher<PeopleAnswer>();
  useEffect(() => load(`/app/referrals/${referralId}/people`), [load, referralId]);
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Side by side
        </Text>
        {data === undefined && <SkeletonBodyText lines={4} />}
        {data !== undefined && "error" in data && <Banner tone="warning">{data.error.message}</Banner>}
        {data !== undefined && "comparison" in data && <Comparison rows={data.comparison} />}
        <Text as="p" variant="bodySm" tone="subdued">
          Read from Shopify just now, and not kept. The friend&apos;s address is where the order goes.
        </Text>
      </BlockStack>
    </Card>
  );
}

function Comparison({ rows }: { rows: readonly ComparisonView[] }) {
  if (rows.length === 0) return <Text as="p">Shopify shows nothing about either of the two.</Text>;
  return (
    <table className="gw-compare">
      <thead>
        <tr>
          <th scope="col">
            <span className="gw-hidden">Fact</span>
          </th>
          <th scope="col">Referrer</th>
          <th scope="col">Friend</th>
          <th scope="col">
            <span className="gw-hidden">Likeness</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.fact} className={row.telling ? "gw-compare__telling" : undefined}>
            <th scope="row">{FACTS[row.fact] ?? humanise(row.fact)}</th>
            <td>{row.referrer ?? "–"}</td>
            <td>{row.friend ?? "–"}</td>
            <td>
              <Likeness row={row} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A city that both live in is said, and not made much of. */
function Likeness({ row }: { row: ComparisonView }) {
  const { words, tone } = LIKENESS[row.likeness];
  const isPlain = tone === undefined || (!row.telling && row.likeness !== "different");
  return isPlain ? <Badge>{words}</Badge> : <Badge tone={tone}>{words}</Badge>;
}
