import type { Notice as NoticeKind } from "./use-link.ts";

const RETRIES: ReadonlySet<NoticeKind> = new Set<NoticeKind>(["unreachable", "logged_out", "buy_first"]);

/** Waiting, said to everybody. */
export function Loading() {
  return (
    <s-stack direction="inline" gap="small" alignItems="center">
      <s-spinner accessibilityLabel={shopify.i18n.translate("loading")} />
      <s-text color="subdued">{shopify.i18n.translate("loading")}</s-text>
    </s-stack>
  );
}

/** Why there is nothing to share, in the customer's language, and a way on where there is one. */
export function Notice({ kind, onRetry }: { kind: NoticeKind; onRetry: () => void }) {
  const { translate } = shopify.i18n;
  const tone = kind === "unreachable" ? "warning" : "info";
  return (
    <s-banner tone={tone} heading={translate(`notice.${kind}.heading`)}>
      <s-stack gap="base">
        <s-paragraph>{translate(`notice.${kind}.text`)}</s-paragraph>
        {RETRIES.has(kind) && (
          <s-stack direction="inline">
            <s-button onClick={onRetry}>{translate("retry")}</s-button>
          </s-stack>
        )}
      </s-stack>
    </s-banner>
  );
}
