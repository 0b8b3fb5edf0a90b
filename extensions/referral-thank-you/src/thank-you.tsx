import { render } from "preact";
import { Loading, Notice } from "../../shared/notice.tsx";
import { Offer, SharePanel } from "../../shared/share-panel.tsx";
import { fetchLink, useAnswer } from "../../shared/use-link.ts";
import type { Notice as NoticeKind } from "../../shared/use-link.ts";

/** What a buyer who has just paid need not be told: the block is not there then. */
const NOT_FOR_BUYERS: ReadonlySet<NoticeKind> = new Set<NoticeKind>(["paused", "not_set_up"]);

/** The block after a purchase: the buyer's own link, or for a guest the way to it. */
export default async function thankYou(): Promise<void> {
  render(<ThankYou />, document.body);
}

function ThankYou() {
  const { answer, retry } = useAnswer(fetchLink);
  const { translate } = shopify.i18n;
  const notice = answer?.outcome === "notice" ? answer.notice : null;
  if (notice !== null && NOT_FOR_BUYERS.has(notice)) return null;
  return (
    <s-section heading={translate("heading")}>
      {answer === null && <Loading />}
      {notice === "logged_out" && <Guest />}
      {notice !== null && notice !== "logged_out" && <Notice kind={notice} onRetry={retry} />}
      {answer?.outcome === "link" && (
        <s-stack gap="base">
          <Offer link={answer.link} />
          <SharePanel link={answer.link} />
        </s-stack>
      )}
    </s-section>
  );
}

/** A guest has no link of their own before they log in. */
function Guest() {
  const { translate } = shopify.i18n;
  const { storefrontUrl, myshopifyDomain } = shopify.shop;
  const shop = storefrontUrl ?? `https://${myshopifyDomain}`;
  return (
    <s-stack gap="base">
      <s-paragraph>{translate("guest.text")}</s-paragraph>
      <s-stack direction="inline">
        <s-button href={`${shop.replace(/\/$/, "")}/account`}>{translate("guest.log_in")}</s-button>
      </s-stack>
    </s-stack>
  );
}
