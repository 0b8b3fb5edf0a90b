import { render } from "preact";
import { useState } from "preact/hooks";
import { Loading, Notice } from "../../shared/notice.tsx";
import { Offer, SharePanel } from "../../shared/share-panel.tsx";
import { useAnswer } from "../../shared/use-link.ts";
import type { Link } from "../../shared/use-link.ts";
import { fetchDashboard } from "./dashboard.ts";
import { Friends } from "./friends.tsx";
import { Rewards } from "./rewards.tsx";
import { Words } from "./words.tsx";

/** The full page: link, invite, QR code, friends and rewards. */
export default async function page(): Promise<void> {
  render(<Page />, document.body);
}

function Page() {
  const { answer, retry } = useAnswer(fetchDashboard);
  const { translate } = shopify.i18n;
  return (
    <s-page heading={translate("heading")} subheading={translate("subheading")}>
      <s-stack gap="large">
        {answer === null && <Loading />}
        {answer?.outcome === "notice" && <Notice kind={answer.notice} onRetry={retry} />}
        {answer?.outcome === "shown" && answer.notice !== null && <Notice kind={answer.notice} onRetry={retry} />}
        {answer?.outcome === "shown" && answer.link !== null && <LinkSections link={answer.link} />}
        {answer?.outcome === "shown" && <Friends friends={answer.friends} />}
        {answer?.outcome === "shown" && <Rewards rewards={answer.rewards} />}
      </s-stack>
    </s-page>
  );
}

function LinkSections({ link: fetched }: { link: Link }) {
  const [invite, setInvite] = useState(fetched.invite);
  const link = { ...fetched, invite };
  const { translate } = shopify.i18n;
  return (
    <>
      <s-section heading={translate("share.heading")}>
        <s-stack gap="large">
          <Offer link={link} />
          <SharePanel link={link} />
        </s-stack>
      </s-section>
      {link.invite !== "" && (
        <s-section heading={translate("invite.heading")}>
          <Words invite={invite} onChange={setInvite} />
        </s-section>
      )}
      <s-section heading={translate("qr.heading")}>
        <s-stack gap="base">
          <s-paragraph>{translate("qr.text")}</s-paragraph>
          <s-qr-code content={link.url} />
        </s-stack>
      </s-section>
    </>
  );
}
