import { useState } from "preact/hooks";
import { ask, textOf } from "../../shared/api.ts";
import { Copy } from "../../shared/share-panel.tsx";

type Stage = "idle" | "asking" | "saved" | "refused" | "no_rewrites_left" | "failed";

const REFUSALS: ReadonlySet<string> = new Set(["words_refused", "no_rewrites_left"]);

type Props = {
  readonly invite: string;
  /** The words that stand from now on, with the link in them. */
  readonly onChange: (invite: string) => void;
};

/**
 * The message to send, in the customer's hands: other words, a few times a day; their own, which pass the same gate as every
 * message; or the shop's again. What the app did not take stays in the field.
 */
export function Words({ invite, onChange }: Props) {
  const [typed, setTyped] = useState<string | null>(null);
  const [stage, setStage] = useState<Stage>("idle");
  const { translate } = shopify.i18n;

  async function change(wish: Readonly<Record<string, unknown>>): Promise<void> {
    setStage("asking");
    const answer = await ask("invite", { channel: "copy", ...wish });
    if (answer.outcome === "ok") {
      onChange(textOf(answer.body["invite"]));
      setTyped(null);
      return setStage("saved");
    }
    const isKnown = answer.outcome === "refused" && REFUSALS.has(answer.code);
    setStage(!isKnown ? "failed" : answer.code === "words_refused" ? "refused" : "no_rewrites_left");
  }

  return (
    <s-stack gap="base">
      <s-paragraph>{invite}</s-paragraph>
      <s-stack direction="inline" gap="small" alignItems="center">
        <Copy id="referral-invite" text={invite} label={translate("invite.copy")} />
        <s-button loading={stage === "asking"} onClick={() => void change({ regenerate: true })}>
          {translate("invite.other")}
        </s-button>
      </s-stack>
      <s-details>
        <s-summary>{translate("invite.own")}</s-summary>
        <s-stack gap="base">
          <s-text-area
            label={translate("invite.own_label")}
            rows={4}
            value={typed ?? invite}
            onInput={(event: Event) => setTyped(typedIn(event))}
          />
          <s-stack direction="inline" gap="small">
            <s-button loading={stage === "asking"} onClick={() => void change({ text: typed ?? invite })}>
              {translate("invite.save")}
            </s-button>
            <s-button loading={stage === "asking"} onClick={() => void change({ text: null })}>
              {translate("invite.shops")}
            </s-button>
          </s-stack>
        </s-stack>
      </s-details>
      <s-stack accessibilityRole="status">
        {stage !== "idle" && stage !== "asking" && <s-text>{translate(`invite.${stage}`)}</s-text>}
      </s-stack>
    </s-stack>
  );
}

/** What stands in the field that changed. */
function typedIn({ currentTarget }: Event): string {
  const value: unknown = currentTarget === null ? null : Reflect.get(currentTarget, "value");
  return typeof value === "string" ? value : "";
}
