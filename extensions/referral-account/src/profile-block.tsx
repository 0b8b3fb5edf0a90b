import { render } from "preact";
import { Loading, Notice } from "../../shared/notice.tsx";
import { Offer, SharePanel } from "../../shared/share-panel.tsx";
import { useAnswer } from "../../shared/use-link.ts";
import { fetchDashboard } from "./dashboard.ts";

/** Where Shopify opens the full page of this app. */
const PAGE = "extension:referral-page/";

/** The block on the profile: the link, the ways to send it, and one line about what came of it. */
export default async function profileBlock(): Promise<void> {
  render(<ProfileBlock />, document.body);
}

function ProfileBlock() {
  const { answer, retry } = useAnswer(fetchDashboard);
  const { translate } = shopify.i18n;
  return (
    <s-section heading={translate("heading")}>
      {answer === null && <Loading />}
      {answer?.outcome === "notice" && <Notice kind={answer.notice} onRetry={retry} />}
      {answer?.outcome === "shown" && (
        <s-stack gap="large">
          {answer.notice !== null && <Notice kind={answer.notice} onRetry={retry} />}
          {answer.link !== null && <Offer link={answer.link} />}
          {answer.link !== null && <SharePanel link={answer.link} />}
          <s-stack direction="inline" gap="base" alignItems="center">
            <s-text color="subdued">{summary(answer.friends.length, rewardsReady(answer.rewards))}</s-text>
            <s-link href={PAGE}>{translate("see_all")}</s-link>
          </s-stack>
        </s-stack>
      )}
    </s-section>
  );
}

function rewardsReady(rewards: readonly { readonly status: string }[]): number {
  return rewards.filter((reward) => reward.status === "issued").length;
}

function summary(friends: number, rewards: number): string {
  const { translate } = shopify.i18n;
  if (friends === 0 && rewards === 0) return translate("friends.none");
  return [translate("friends.count", { count: friends }), translate("rewards.ready_count", { count: rewards })].join(
    " · ",
  );
}
