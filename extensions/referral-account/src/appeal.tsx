import { useState } from "preact/hooks";
import { ask } from "../../shared/api.ts";

/** As the app knows them; "other" is what is chosen when nothing is. */
const GROUNDS = ["new_customer", "order_kept", "own_household", "other"] as const;

type Stage = "open" | "sending" | "sent" | "too_many" | "failed";

/** Asks the shop for another look at a referral that came to nothing. A person reads it; nothing is promised. */
export function Appeal({ referral, name }: { referral: string; name: string }) {
  const [stage, setStage] = useState<Stage>("open");
  const [ground, setGround] = useState<string>("other");
  const { translate } = shopify.i18n;

  async function send(): Promise<void> {
    setStage("sending");
    const answer = await ask("appeal", { referral, ground });
    const isFull = answer.outcome === "refused" && answer.code === "too_many_requests";
    setStage(answer.outcome === "ok" ? "sent" : isFull ? "too_many" : "failed");
  }

  if (stage === "sent")
    return (
      <s-stack accessibilityRole="status">
        <s-text color="subdued">{translate("appeal.asked")}</s-text>
      </s-stack>
    );
  return (
    <s-details>
      <s-summary>{translate("appeal.heading", { name })}</s-summary>
      <s-stack gap="base">
        <s-select
          label={translate("appeal.label")}
          value={ground}
          onChange={(event: Event) => setGround(chosenIn(event))}
        >
          {GROUNDS.map((each) => (
            <s-option key={each} value={each}>
              {translate(`appeal.ground.${each}`)}
            </s-option>
          ))}
        </s-select>
        <s-stack direction="inline" gap="small" alignItems="center">
          <s-button loading={stage === "sending"} onClick={() => void send()}>
            {translate("appeal.send")}
          </s-button>
          <s-stack accessibilityRole="status">
            {(stage === "failed" || stage === "too_many") && <s-text>{translate(`appeal.${stage}`)}</s-text>}
          </s-stack>
        </s-stack>
      </s-stack>
    </s-details>
  );
}

/** The value of the list that changed. */
function chosenIn({ currentTarget }: Event): string {
  const value: unknown = currentTarget === null ? null : Reflect.get(currentTarget, "value");
  return typeof value === "string" ? value : "other";
}
