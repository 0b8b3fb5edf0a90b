import { useFetcher } from "@remix-run/react";
import { Banner, BlockStack, Button, Card, Checkbox, InlineStack, Select, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import { LANGUAGE_NAMES, LANGUAGES } from "../../domain/note/language.ts";
import type { WordsView } from "../../words-view.ts";
import { useToast } from "../use-toast.ts";
import type { WordsSetUp } from "./spend-card.tsx";

type Answer = { outcome: "settings_saved" } | { error: { code: string; message: string } };

const HOURS = Array.from({ length: 24 }, (_each, hour) => ({
  label: `${String(hour).padStart(2, "0")}:00`,
  value: String(hour),
}));

/** Language, quiet hours, the model's switch, and who on the team is written to. */
export function SettingsCard({ words, setUp }: { words: WordsView; setUp: WordsSetUp }) {
  const fetcher = useFetcher<Answer>();
  const [language, setLanguage] = useState<string>(words.language);
  const [isOn, setIsOn] = useState(words.modelOn);
  const [quietFrom, setQuietFrom] = useState(String(words.quietFrom));
  const [quietTo, setQuietTo] = useState(String(words.quietTo));
  const [teamMail, setTeamMail] = useState(words.teamMail.join("\n"));
  useToast(fetcher.data !== undefined && "outcome" in fetcher.data ? "Saved" : null);
  const error = fetcher.data !== undefined && "error" in fetcher.data ? fetcher.data.error.message : false;
  const save = (): void =>
    fetcher.submit(
      { intent: "settings", language, modelOn: String(isOn), quietFrom, quietTo, teamMail },
      { method: "post", action: "/app/words" },
    );
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          Messages
        </Text>
        {!setUp.mail && (
          <Banner tone="warning">No mail server is set up (SMTP_URL), so nothing is sent by mail.</Banner>
        )}
        <Select
          label="Language of your shop"
          helpText="For customers whose own language is not known."
          options={LANGUAGES.map((each) => ({ label: LANGUAGE_NAMES[each], value: each }))}
          value={language}
          onChange={setLanguage}
        />
        <Checkbox label="Let the model write" checked={isOn} onChange={setIsOn} disabled={setUp.model === null} />
        <InlineStack gap="300">
          <Select label="No text messages from" options={HOURS} value={quietFrom} onChange={setQuietFrom} />
          <Select label="until" options={HOURS} value={quietTo} onChange={setQuietTo} />
        </InlineStack>
        <Text as="p" tone="subdued">
          {setUp.sms
            ? `In the time zone of your shop${words.timezone === null ? "" : `, ${words.timezone}`}. Mail goes out at any hour.`
            : "No provider of text messages is set up (SMS_URL): all messages go by mail."}
        </Text>
        <TextField
          label="Mail for your team"
          helpText="One address a line. They hear of what waits for a person, and once a week how it went."
          value={teamMail}
          onChange={setTeamMail}
          multiline={2}
          autoComplete="off"
          error={error}
        />
        <InlineStack>
          <Button variant="primary" loading={fetcher.state !== "idle"} onClick={save}>
            Save messages
          </Button>
        </InlineStack>
      </BlockStack>
    </Card>
  );
}
