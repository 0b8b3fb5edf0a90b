import { BlockStack, Card, Divider, Text } from "@shopify/polaris";
import type { ProgrammeView } from "../../read-models.ts";
import type { TermsFormValues } from "./form-values.ts";
import { noteTemplate } from "../../domain/note/template.ts";
import { rewardWords } from "./money-words.ts";

/** How the offer reads to the two people it is made to, with what is typed at this moment. */
export function OfferPreview({ values, programme }: { values: TermsFormValues; programme: ProgrammeView }) {
  const referrerGets = rewardWords(values.referrerKind, values.referrerAmount, programme.currency);
  const friendGets = rewardWords(values.friendKind, values.friendAmount, programme.currency);
  const minimum =
    values.minimumOrder.trim() === ""
      ? ""
      : ` over ${rewardWords("fixed", values.minimumOrder, programme.currency).replace(" off", "")}`;
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          Preview
        </Text>
        <div className="gw-preview">
          <BlockStack gap="300">
            <Text as="p" variant="bodySm" tone="subdued">
              What a customer sends to a friend
            </Text>
            <div className="gw-bubble">
              {noteTemplate("invite", false)
                .replace("{{reward}}", friendGets)
                .replace("{{link}}", programme.linkExample)}
            </div>
          </BlockStack>
        </div>
        <Divider />
        <BlockStack gap="200">
          <Line
            title="The friend gets"
            value={`${friendGets}, ${values.friendWhen === "on_first_order" ? "on" : "after"} a first order${minimum}`}
          />
          <Line title="The customer gets" value={`${referrerGets}, for each friend who buys`} />
          <Line title="When" value={whenWords(values)} />
          {values.isPaused && <Line title="Paused" value="New referrals do not open at the moment" />}
        </BlockStack>
      </BlockStack>
    </Card>
  );
}

function Line({ title, value }: { title: string; value: string }) {
  return (
    <BlockStack gap="050">
      <Text as="p" variant="bodySm" tone="subdued">
        {title}
      </Text>
      <Text as="p" fontWeight="medium">
        {value}
      </Text>
    </BlockStack>
  );
}

function whenWords(values: TermsFormValues): string {
  const days = values.coolingOffDays.trim();
  if (days === "0") return "As soon as the order is paid";
  return `${days === "" ? "…" : days} ${days === "1" ? "day" : "days"} after the order is paid`;
}
