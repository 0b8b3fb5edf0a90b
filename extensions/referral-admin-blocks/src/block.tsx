import { useEffect, useState } from "preact/hooks";
import { fetchBlock } from "./fetch-block.ts";
import type { BlockFacts, Referral } from "./fetch-block.ts";

type Stage = "loading" | "failed" | BlockFacts;

/** Waiting, a fault with a way on, or what there is to tell. */
export function Block({ kind }: { kind: "order" | "customer" }) {
  const [stage, setStage] = useState<Stage>("loading");
  const [asked, setAsked] = useState(0);
  const { translate } = shopify.i18n;
  useEffect(() => {
    let isCurrent = true;
    setStage("loading");
    void fetchBlock(kind).then((facts) => {
      if (isCurrent) setStage(facts ?? "failed");
    });
    return () => {
      isCurrent = false;
    };
  }, [kind, asked]);
  return (
    <s-admin-block heading={translate("name")}>
      {stage === "loading" && <s-spinner accessibilityLabel={translate("loading")} />}
      {stage === "failed" && (
        <s-stack gap="base">
          <s-paragraph>{translate("failed")}</s-paragraph>
          <s-button onClick={() => setAsked((count) => count + 1)}>{translate("retry")}</s-button>
        </s-stack>
      )}
      {typeof stage === "object" && <Facts facts={stage} kind={kind} />}
    </s-admin-block>
  );
}

function Facts({ facts, kind }: { facts: BlockFacts; kind: "order" | "customer" }) {
  const { translate } = shopify.i18n;
  const { referrals, ownLink } = facts;
  return (
    <s-stack gap="base">
      {referrals.length === 0 && <s-paragraph>{translate(`none.${kind}`)}</s-paragraph>}
      {referrals.map((referral) => (
        <ReferralRow key={referral.id} referral={referral} />
      ))}
      {ownLink !== null && (
        <s-paragraph>
          {[
            translate("own.code", { code: ownLink.code }),
            translate("own.friends_count", { count: ownLink.friends }),
            translate("own.rewarded_count", { count: ownLink.rewarded }),
          ].join(" · ")}
        </s-paragraph>
      )}
    </s-stack>
  );
}

function ReferralRow({ referral }: { referral: Referral }) {
  const { translate } = shopify.i18n;
  const name = referral.referrer ?? translate("unnamed");
  return (
    <s-stack gap="small">
      <s-stack direction="inline" gap="small" alignItems="center">
        <s-text type="strong">{translate("referred_by", { name })}</s-text>
        <s-badge tone={referral.state === "REWARDED" ? "success" : "neutral"}>
          {translate(`state.${referral.state}`)}
        </s-badge>
      </s-stack>
      <s-text>{translate(`why.${referral.why}`)}</s-text>
      <s-link href={`app:app/referrals/${referral.id}`}>{translate("open")}</s-link>
    </s-stack>
  );
}
