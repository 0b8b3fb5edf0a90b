import { useState } from "preact/hooks";
import { shareLinks } from "./share-links.ts";
import { useShortWords } from "./use-link.ts";
import type { Link } from "./use-link.ts";
import { worthWords } from "./worth.ts";

/** What each side gets, as two plain lines: no sentence that another language would have to bend. */
export function Offer({ link }: { link: Link }) {
  const { translate } = shopify.i18n;
  return (
    <s-stack gap="small-500">
      <s-text>{translate("promise.friend", { worth: worthWords(link.friendGets) })}</s-text>
      <s-text>{translate("promise.referrer", { worth: worthWords(link.referrerGets) })}</s-text>
    </s-stack>
  );
}

/** A text with a button that copies it and says so. */
export function Copy({ id, text, label }: { id: string; text: string; label: string }) {
  const [outcome, setOutcome] = useState<"none" | "copied" | "copy_failed">("none");
  const { translate } = shopify.i18n;
  return (
    <s-stack direction="inline" gap="small" alignItems="center">
      <s-clipboard-item
        id={id}
        text={text}
        onCopy={() => setOutcome("copied")}
        onCopyError={() => setOutcome("copy_failed")}
      />
      <s-button commandFor={id} command="--copy">
        {label}
      </s-button>
      <s-stack accessibilityRole="status">
        {outcome !== "none" && <s-text color="subdued">{translate(outcome)}</s-text>}
      </s-stack>
    </s-stack>
  );
}

/** The link to copy, and the ways to send it. The message goes out by the customer's own hand. */
export function SharePanel({ link }: { link: Link }) {
  const { translate } = shopify.i18n;
  const short = useShortWords(link);
  const message = link.invite || link.url;
  const to = shareLinks(message, short || message, translate("share.subject"));
  return (
    <s-stack gap="base">
      <s-stack gap="small-300">
        <s-text type="strong">{link.url}</s-text>
        <Copy id="referral-link" text={link.url} label={translate("share.copy_link")} />
      </s-stack>
      <s-stack direction="inline" gap="small-300">
        <s-button href={to.whatsapp} target="_blank">
          WhatsApp
        </s-button>
        <s-button href={to.sms}>{translate("share.sms")}</s-button>
        <s-button href={to.email}>{translate("share.email")}</s-button>
      </s-stack>
    </s-stack>
  );
}
