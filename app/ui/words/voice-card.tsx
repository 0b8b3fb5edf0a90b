import { useFetcher } from "@remix-run/react";
import { Badge, Banner, BlockStack, Button, Card, InlineStack, Select, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import { LANGUAGE_NAMES, LANGUAGES } from "../../domain/note/language.ts";
import type { Language } from "../../domain/note/language.ts";
import { useToast } from "../use-toast.ts";

const VOICE_LENGTH_MAX = 500;
const TITLES: Readonly<Record<string, string>> = {
  invite: "What a customer sends to a friend",
  thanks_referrer: "Thanks to the customer",
  thanks_friend: "Thanks to the friend",
};
const SOURCES: Readonly<Record<string, string>> = { model: "Written by the model", edited: "Your own wording" };
const REASONS: Readonly<Record<string, string>> = {
  no_model: "No key for the model is set up, so notes use the templates.",
  switched_off: "The model is switched off, so notes use the templates.",
  budget: "This month's budget is used up, so notes use the templates.",
};

type Previewed = {
  outcome: "previewed";
  voice: string;
  words: { kind: string; text: string; source: string }[];
  reason: string | null;
};
type Answer = Previewed | { outcome: "voice_saved" } | { error: { message: string } };

/** How the shop sounds, with the words that come of it beside it, before anything is saved. */
export function VoiceCard(props: { voice: string; language: Language; canWrite: boolean }) {
  const preview = useFetcher<Answer>();
  const saving = useFetcher<Answer>();
  const [voice, setVoice] = useState(props.voice);
  const [language, setLanguage] = useState<string>(props.language);
  useToast(saving.data !== undefined && "outcome" in saving.data ? "The voice was saved" : null);
  const problem = [preview.data, saving.data].find((answer) => answer !== undefined && "error" in answer);
  const send = (fetcher: typeof preview, intent: string): void =>
    fetcher.submit({ intent, voice, language }, { method: "post", action: "/app/words" });
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            Your voice
          </Text>
          <Text as="p" tone="subdued">
            The model writes each invite and each thank-you in this voice. Links, amounts and names are filled in by
            Goodword, and every text is checked before anybody sees it.
          </Text>
        </BlockStack>
        <TextField
          label="How your shop sounds"
          helpText="For example: playful, short sentences, we grow our own vegetables."
          value={voice}
          onChange={setVoice}
          multiline={3}
          maxLength={VOICE_LENGTH_MAX}
          showCharacterCount
          autoComplete="off"
        />
        <Select
          label="Show it in"
          options={LANGUAGES.map((each) => ({ label: LANGUAGE_NAMES[each], value: each }))}
          value={language}
          onChange={setLanguage}
        />
        <InlineStack gap="300">
          <Button loading={preview.state !== "idle"} onClick={() => send(preview, "preview")}>
            Show how it reads
          </Button>
          <Button
            variant="primary"
            loading={saving.state !== "idle"}
            disabled={voice === props.voice}
            onClick={() => send(saving, "voice")}
          >
            Save voice
          </Button>
        </InlineStack>
        {problem !== undefined && "error" in problem && <Banner tone="critical">{problem.error.message}</Banner>}
        <div aria-live="polite">
          {preview.data !== undefined && "words" in preview.data && <Words previewed={preview.data} />}
        </div>
        {!props.canWrite && (
          <Text as="p" tone="subdued">
            No model writes at the moment: the wordings below are used.
          </Text>
        )}
      </BlockStack>
    </Card>
  );
}

function Words({ previewed }: { previewed: Previewed }) {
  return (
    <BlockStack gap="400">
      {previewed.reason !== null && (
        <Banner tone="info">
          {REASONS[previewed.reason] ?? "The model did not answer well just now, so these are the templates."}
        </Banner>
      )}
      {previewed.words.map(({ kind, text, source }) => (
        <div className="gw-preview" key={kind}>
          <BlockStack gap="200">
            <InlineStack align="space-between" gap="200">
              <Text as="h3" variant="bodySm" tone="subdued">
                {TITLES[kind] ?? kind}
              </Text>
              <Badge>{SOURCES[source] ?? "Template"}</Badge>
            </InlineStack>
            <div className="gw-bubble">{text}</div>
          </BlockStack>
        </div>
      ))}
    </BlockStack>
  );
}
