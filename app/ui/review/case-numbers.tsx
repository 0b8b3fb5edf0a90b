import { Badge, BlockStack, InlineStack, Text } from "@shopify/polaris";
import type { CaseRewardView, CaseView, ReversalView } from "../../read-models.ts";
import { formatAmount, formatDay, formatTally, formatWorth } from "../format.ts";
import { reasonWords, rewardStatusWords } from "../why-words.ts";

const KIND_WORDS: Readonly<Record<string, string>> = {
  welcome: "welcome code",
  goodwill: "goodwill",
  replacement: "replacement",
};
const USE_WORDS = { unused: "not used yet", used: "used", ended: "ended" } as const;

/** The numbers of a case: what was taken back, what each side got, and what is still owed. */
export function CaseNumbers({ openCase }: { openCase: Pick<CaseView, "reversal" | "rewards" | "receivable"> }) {
  const { reversal, rewards, receivable } = openCase;
  if (reversal === null && rewards.length === 0 && receivable === null) return null;
  return (
    <dl className="gw-numbers">
      {reversal !== null && <Reversal reversal={reversal} />}
      {rewards.map((reward, index) => (
        <Reward key={`${reward.side} ${reward.kind} ${String(index)}`} reward={reward} />
      ))}
      {receivable !== null && (
        <div className="gw-numbers__row">
          <dt>Still to be set off</dt>
          <dd>{formatTally(receivable)}</dd>
        </div>
      )}
    </dl>
  );
}

function Reversal({ reversal }: { reversal: ReversalView }) {
  const { refunded, orderTotal, percent, disputed, reasons, incomplete } = reversal;
  const of = orderTotal === null ? "" : ` of ${formatAmount(orderTotal)}`;
  return (
    <>
      <div className="gw-numbers__row">
        <dt>Refunded</dt>
        <dd>
          <BlockStack gap="050">
            <span>{`${formatAmount(refunded)}${of}${percent === null ? "" : ` (${String(percent)} %)`}`}</span>
            {incomplete && <Text as="span" tone="subdued">{`And more in another currency`}</Text>}
          </BlockStack>
        </dd>
      </div>
      {disputed !== null && (
        <div className="gw-numbers__row">
          <dt>Asked back by a bank</dt>
          <dd>{formatAmount(disputed)}</dd>
        </div>
      )}
      <div className="gw-numbers__row">
        <dt>What happened</dt>
        <dd>{reasons.map((reason) => reasonWords(reason)).join(". ")}</dd>
      </div>
    </>
  );
}

function Reward({ reward }: { reward: CaseRewardView }) {
  const { label, tone } = rewardStatusWords(reward.status);
  const kind = KIND_WORDS[reward.kind];
  const side = reward.side === "referrer" ? "Referrer" : "Friend";
  return (
    <div className="gw-numbers__row">
      <dt>{`${side}'s reward${kind === undefined ? "" : `, ${kind}`}`}</dt>
      <dd>
        <BlockStack gap="050" inlineAlign="start">
          <InlineStack gap="200" blockAlign="center">
            <span>{`${formatWorth(reward.worth)}, ${USE_WORDS[reward.use]}`}</span>
            {tone === undefined ? <Badge>{label}</Badge> : <Badge tone={tone}>{label}</Badge>}
          </InlineStack>
          {reward.code !== null && <span className="gw-code">{reward.code}</span>}
          {reward.expiresAt !== null && reward.use === "unused" && (
            <Text as="span" variant="bodySm" tone="subdued">{`Valid until ${formatDay(reward.expiresAt)}`}</Text>
          )}
        </BlockStack>
      </dd>
    </div>
  );
}
