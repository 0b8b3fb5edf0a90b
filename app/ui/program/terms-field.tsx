import { TextField } from "@shopify/polaris";
import type { FieldProps } from "./program-form.tsx";
import type { TermsFormValues } from "./form-values.ts";

type TextName = Exclude<keyof TermsFormValues, "isPaused" | "isBound" | "isEmailFirst">;

type Props = {
  readonly fields: FieldProps;
  readonly name: TextName;
  /** Where the value lives in the terms JSON: a problem with that path is shown at this field. */
  readonly path: string;
  readonly label: string;
  readonly help?: string;
  readonly prefix?: string;
  readonly suffix?: string;
  readonly keyboard?: "text" | "numeric" | "decimal";
  readonly disabled?: boolean;
};

/** One text field of the programme, with its error beside it. */
export function TermsField({
  fields,
  name,
  path,
  label,
  help = "",
  prefix = "",
  suffix = "",
  keyboard = "text",
  disabled = false,
}: Props) {
  return (
    <TextField
      label={label}
      helpText={help}
      prefix={prefix}
      suffix={suffix}
      inputMode={keyboard}
      disabled={disabled}
      autoComplete="off"
      value={disabled ? "" : fields.values[name]}
      onChange={(typed) => fields.change({ [name]: typed })}
      error={fields.errorOf(path)}
    />
  );
}
