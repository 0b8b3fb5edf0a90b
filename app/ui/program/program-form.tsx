import { Form, useNavigation, useSubmit } from "@remix-run/react";
import { Banner, BlockStack, Box, Button, InlineStack, Layout } from "@shopify/polaris";
import { useState } from "react";
import type { FormEvent } from "react";
import type { SaveTermsResult } from "../../goodword.ts";
import type { ProgrammeView } from "../../read-models.ts";
import type { TermsFormValues } from "./form-values.ts";
import { patchFromValues, valuesFromTerms, valuesInNewCurrency } from "./form-values.ts";
import { CodesCard } from "./codes-card.tsx";
import { OfferCard } from "./offer-card.tsx";
import { OfferPreview } from "./offer-preview.tsx";
import { RulesCard } from "./rules-card.tsx";
import { SwitchCard } from "./switch-card.tsx";

export type FieldProps = {
  readonly values: TermsFormValues;
  readonly change: (change: Partial<TermsFormValues>) => void;
  /** What the server found wrong with a field of the terms JSON, by its path. */
  readonly errorOf: (path: string) => string | false;
  readonly currency: string;
  readonly missingScopes: ProgrammeView["missingScopes"];
};

/** The offer and its rules. Saving makes a new version; the preview beside it follows every key. */
export function ProgramForm({ programme, answer }: { programme: ProgrammeView; answer: SaveTermsResult | null }) {
  const before = programme.hasNewCurrency ? valuesInNewCurrency(programme.terms) : valuesFromTerms(programme.terms);
  const [values, setValues] = useState(before);
  const submit = useSubmit();
  const isSaving = useNavigation().state === "submitting";
  const patch = patchFromValues(values, before);
  const isDirty = Object.keys(patch).length > 0;
  const problems = answer?.outcome === "invalid" ? answer.problems : [];
  const fields: FieldProps = {
    values,
    change: (change) => setValues((current) => ({ ...current, ...change })),
    errorOf: (path) => problems.find((problem) => problem.path === path)?.message ?? false,
    currency: programme.currency,
    missingScopes: programme.missingScopes,
  };

  function save(event: FormEvent): void {
    event.preventDefault();
    if (isDirty) submit({ terms: JSON.stringify(patch) }, { method: "post" });
  }

  return (
    <Form method="post" data-save-bar onSubmit={save} onReset={() => setValues(before)}>
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            {programme.hasNewCurrency && (
              <Banner tone="warning" title={`Your shop counts in ${programme.currency} now`}>
                <p>
                  Nobody gets a new link until the offer is saved with amounts in it. Links that are out keep their
                  terms.
                </p>
              </Banner>
            )}
            {problems.length > 0 && (
              <Banner tone="critical" title="The programme was not saved">
                <p>
                  {problems.find((problem) => problem.path === "")?.message ??
                    "Please look at the fields marked in red."}
                </p>
              </Banner>
            )}
            {answer?.outcome === "unchanged" && (
              <Banner tone="info">Nothing was different, so no new version was made.</Banner>
            )}
            <OfferCard fields={fields} />
            <RulesCard fields={fields} />
            <CodesCard fields={fields} />
            <SwitchCard fields={fields} />
            <Box paddingInlineEnd={{ xs: "400", sm: "0" }}>
              <InlineStack align="end" gap="300">
                <Button disabled={!isDirty || isSaving} onClick={() => setValues(before)}>
                  Discard
                </Button>
                <Button submit variant="primary" disabled={!isDirty} loading={isSaving}>
                  Save as new version
                </Button>
              </InlineStack>
            </Box>
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <div className="gw-sticky">
            <OfferPreview values={values} programme={programme} />
          </div>
        </Layout.Section>
      </Layout>
    </Form>
  );
}
