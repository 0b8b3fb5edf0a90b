import { useFetcher } from "@remix-run/react";
import { Banner, BlockStack, Select, Text, TextField } from "@shopify/polaris";
import { useId, useState } from "react";
import { SubmitButton } from "../submit-button.tsx";
import { useToast } from "../use-toast.ts";
import type { ReviewAnswer } from "../../routes/app.review.tsx";
import type { CaseView, ChoiceView } from "../../read-models.ts";
import { CHOICE_WORDS } from "./choice-words.ts";
import { REJECT_REASONS } from "./reject-reasons.ts";

const SIDE_LABELS = { referrer: "The referrer's", friend: "The friend's" } as const;
const ONE_SIDED: ReadonlySet<string> = new Set(["goodwill", "replacement"]);

type Props = { readonly openCase: Pick<CaseView, "id" | "version" | "state" | "choices"> };

/**
 * The choices that a case offers, as one form: a button sends it with its own answer. Buttons that cannot be pressed say
 * why. A case that somebody else decided meanwhile says so.
 */
export function DecideForm({ openCase }: Props) {
  const fetcher = useFetcher<ReviewAnswer>();
  const [note, setNote] = useState("");
  const isBusy = fetcher.state !== "idle";
  useToast(fetcher.data !== undefined && "outcome" in fetcher.data ? "Your decision was recorded" : null);
  const problem = fetcher.data === undefined ? null : problemOf(fetcher.data);
  const { choices } = openCase;
  return (
    <fetcher.Form method="post" action="/app/review">
      <input type="hidden" name="caseId" value={openCase.id} />
      <input type="hidden" name="version" value={String(openCase.version)} />
      <BlockStack gap="300">
        {problem !== null && <Banner tone="critical">{problem}</Banner>}
        {has(choices, "reject") && <ReasonField />}
        {has(choices, "undo") && <UndoReason />}
        <SideField choices={choices} />
        <TextField
          label="Note for your team"
          helpText="Optional. Kept with the decision; customers never see it."
          name="note"
          value={note}
          onChange={setNote}
          maxLength={500}
          multiline={2}
          autoComplete="off"
        />
        {choices.map((choice) => (
          <ChoiceRow key={choice.intent} choice={choice} isBusy={isBusy} />
        ))}
        <div className="gw-choice">
          <SubmitButton name="intent" value="note" disabled={isBusy}>
            Only save the note
          </SubmitButton>
        </div>
      </BlockStack>
    </fetcher.Form>
  );
}

function ChoiceRow({ choice, isBusy }: { choice: ChoiceView; isBusy: boolean }) {
  const id = useId();
  const { label, meaning, look } = CHOICE_WORDS[choice.intent];
  return (
    <div className="gw-choice">
      <SubmitButton
        name="intent"
        value={choice.intent}
        look={look}
        disabled={isBusy || choice.obstacle !== null}
        describedBy={id}
      >
        {label}
      </SubmitButton>
      <span id={id}>
        <Text as="span" variant="bodySm" tone="subdued">
          {choice.obstacle ?? meaning}
        </Text>
      </span>
    </div>
  );
}

function ReasonField() {
  const [reason, setReason] = useState<string>("same_person");
  return (
    <Select
      label="Reason, if you reject"
      name="reason"
      options={[...REJECT_REASONS]}
      value={reason}
      onChange={setReason}
    />
  );
}

function UndoReason() {
  const [reason, setReason] = useState("");
  return (
    <TextField
      label="Reason for the undo"
      name="reason"
      value={reason}
      onChange={setReason}
      maxLength={500}
      autoComplete="off"
    />
  );
}

/** Asked only where more than one side is possible; what concerns one side alone needs no question. */
function SideField({ choices }: { choices: readonly ChoiceView[] }) {
  const possible = choices.filter((choice) => choice.obstacle === null && choice.intent !== "claw_back");
  const sides = [...new Set(possible.flatMap((choice) => choice.sides))];
  const [side, setSide] = useState<string>(sides[0] ?? "referrer");
  if (sides.length < 2) return null;
  const canBoth = possible.some((choice) => choice.sides.length === 2 && !ONE_SIDED.has(choice.intent));
  const options = [
    ...sides.map((value) => ({ value: value as string, label: SIDE_LABELS[value] })),
    ...(canBoth ? [{ value: "both", label: "Both" }] : []),
  ];
  return <Select label="Whose reward" name="side" options={options} value={side} onChange={setSide} />;
}

function has(choices: readonly ChoiceView[], intent: ChoiceView["intent"]): boolean {
  return choices.some((choice) => choice.intent === intent && choice.obstacle === null);
}

function problemOf(answer: ReviewAnswer): string | null {
  return "error" in answer ? answer.error.message : null;
}
