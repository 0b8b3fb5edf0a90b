import { Badge, BlockStack, Box, Card, Icon, InlineStack, ProgressBar, Text } from "@shopify/polaris";
import { UsageLimitForm } from "./usage-limit-form.tsx";
import { CheckCircleIcon, MinusCircleIcon, InfoIcon } from "@shopify/polaris-icons";
import type { SetupStepView } from "../../read-models.ts";

const TITLES: Readonly<Record<SetupStepView["id"], string>> = {
  installed: "Goodword is installed",
  customers: "Your existing customers are known",
  embed: "Storefront script",
  links: "Links are followed",
  offer: "Your offer is set",
  codes: "What a code's limit counts",
  words: "Words and messages",
};

/** What is done and what is still missing before referrals run by themselves; every line is read from the live shop. */
export function SetupGuide({ steps }: { steps: readonly SetupStepView[] }) {
  const done = steps.filter((step) => step.state === "done").length;
  return (
    <Card>
      <BlockStack gap="400">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            Set-up guide
          </Text>
          <Badge
            tone={done === steps.length ? "success" : "attention"}
          >{`${String(done)} of ${String(steps.length)} done`}</Badge>
        </InlineStack>
        <div role="presentation">
          <ProgressBar
            progress={(done / steps.length) * 100}
            size="small"
            tone="success"
            ariaLabelledBy="setup-progress"
          />
          <Text as="span" id="setup-progress" visuallyHidden>
            Set-up progress
          </Text>
        </div>
        <BlockStack gap="300">
          {steps.map((step) => (
            <SetupStep key={step.id} step={step} />
          ))}
        </BlockStack>
      </BlockStack>
    </Card>
  );
}

function SetupStep({ step }: { step: SetupStepView }) {
  const look = {
    done: { icon: CheckCircleIcon, tone: "success", label: "Done: " },
    waiting: { icon: MinusCircleIcon, tone: "subdued", label: "Still open: " },
    unknown: { icon: InfoIcon, tone: "info", label: "Please check: " },
  } as const;
  const { icon, tone, label } = look[step.state];
  return (
    <div className="gw-step">
      <Box paddingBlockStart="025">
        <Icon source={icon} tone={tone} />
      </Box>
      <BlockStack gap="050">
        <Text as="h3" variant="bodyMd" fontWeight="semibold">
          <Text as="span" visuallyHidden>
            {label}
          </Text>
          {TITLES[step.id]}
        </Text>
        <Text as="p" tone="subdued">
          {step.detail}
        </Text>
        {step.id === "codes" && step.state === "unknown" && <UsageLimitForm />}
      </BlockStack>
    </div>
  );
}
