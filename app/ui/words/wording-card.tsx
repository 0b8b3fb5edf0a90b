import { useFetcher } from "@remix-run/react";
import { Badge, BlockStack, Button, Card, InlineStack, Select, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import { fillNote } from "../../domain/note/fill-note.ts";
import { LANGUAGE_NAMES, LANGUAGES, languageOf } from "../../domain/note/language.ts";
import type { Language } from "../../domain/note/language.ts";
import { mayGoOut } from "../../domain/note/may-go-out.ts";
import { isInvite, NOTE_KINDS } from "../../domain/note/note-kind.ts";
import type { NoteKind } from "../../domain/note/note-kind.ts";
import { refusalMessage } from "../../domain/note/refusal-words.ts";
import { noteTemplate } from "../../domain/note/template.ts";
import type { WordsView } from "../../words-view.ts";
import { useToast } from "../use-toast.ts";
import { rewardSample } from "./reward-sample.ts";
import type { RewardSampleOf } from "./reward-sample.ts";

const KIND_NAMES: Readonly<Record<NoteKind, string>> = {
  invite: "Invite",
  invite_short: "Invite by text message",
  thanks_referrer: "Thanks to the customer",
  thanks_friend: "Thanks to the friend, with a reward",
  thanks_welcome: "Thanks to the friend, discount used",
};
type Answer = { outcome: "wording_saved" | "wording_reset" } | { error: { code: string; message: string } };

type Props = {
  readonly edited: WordsView["templates"];
  readonly language: Language;
  readonly shopName: string;
  readonly linkExample: string;
  readonly rewards: RewardSampleOf;
  readonly currency: string;
};

/** The fixed words behind every note, in six languages, with what comes of each change at once. */
export function WordingCard(props: Props) {
  const [kind, setKind] = useState<NoteKind>("invite");
  const [language, setLanguage] = useState(props.language);
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            Wordings
          </Text>
          <Text as="p" tone="subdued">
            Used when the model is off, slow or does not write well. Each customer reads their own language.
          </Text>
        </BlockStack>
        <InlineStack gap="300">
          <Select
            label="Note"
            options={NOTE_KINDS.map((each) => ({ label: KIND_NAMES[each], value: each }))}
            value={kind}
            onChange={(chosen) => setKind(NOTE_KINDS.find((each) => each === chosen) ?? "invite")}
          />
          <Select
            label="Language"
            options={LANGUAGES.map((each) => ({ label: LANGUAGE_NAMES[each], value: each }))}
            value={language}
            onChange={(chosen) => setLanguage(languageOf(chosen) ?? props.language)}
          />
        </InlineStack>
        <Wording key={`${kind}:${language}`} {...props} kind={kind} language={language} />
      </BlockStack>
    </Card>
  );
}

function Wording({ kind, language, edited, shopName, linkExample, rewards, currency }: Props & { kind: NoteKind }) {
  const fetcher = useFetcher<Answer>();
  const standing = noteTemplate(kind, true, language);
  const own = edited.find((template) => template.kind === kind && template.language === language)?.body;
  const [body, setBody] = useState(own ?? standing);
  useToast(toastOf(fetcher.data));
  const gate = mayGoOut(body.trim().replaceAll(/\s+/g, " "), { kind, language, shopName });
  const filled = fillNote(body, {
    name: kind === "thanks_referrer" ? "Mara" : "Dan",
    reward: rewardSample(rewards, kind === "thanks_referrer" ? "referrer" : "friend", { currency, language }),
    ...(isInvite(kind) ? { link: linkExample } : {}),
  });
  const save = (words: string): void =>
    fetcher.submit({ intent: "wording", kind, language, body: words }, { method: "post", action: "/app/words" });
  const refusal = fetcher.data !== undefined && "error" in fetcher.data ? fetcher.data.error.message : false;
  return (
    <BlockStack gap="400">
      <TextField
        label="Words"
        helpText="{{reward}}, {{name}} and, in an invite, {{link}} are filled in. Without a first name, the standing words are used."
        value={body}
        onChange={setBody}
        multiline={4}
        autoComplete="off"
        error={gate.outcome === "refused" ? refusalMessage(gate.reason) : refusal}
      />
      <div className="gw-preview">
        <BlockStack gap="200">
          <InlineStack align="space-between" gap="200">
            <Text as="h3" variant="bodySm" tone="subdued">
              How it reads
            </Text>
            {own !== undefined && <Badge tone="info">Your own wording</Badge>}
          </InlineStack>
          <div className="gw-bubble" aria-live="polite">
            {filled.outcome === "filled" ? filled.text : body}
          </div>
        </BlockStack>
      </div>
      <InlineStack gap="300">
        <Button
          variant="primary"
          loading={fetcher.state !== "idle"}
          disabled={gate.outcome === "refused" || body === (own ?? standing)}
          onClick={() => save(body)}
        >
          Save wording
        </Button>
        <Button
          disabled={own === undefined && body === standing}
          onClick={() => {
            setBody(standing);
            if (own !== undefined) save("");
          }}
        >
          Reset
        </Button>
      </InlineStack>
    </BlockStack>
  );
}

function toastOf(answer: Answer | undefined): string | null {
  if (answer === undefined || "error" in answer) return null;
  return answer.outcome === "wording_saved" ? "The wording was saved" : "Back to the standing words";
}
