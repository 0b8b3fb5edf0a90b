import { TextField } from "@shopify/polaris";
import type { FieldProps } from "./program-form.tsx";
import type { TermsFormValues } from "./form-values.ts";

type TextName = {
  [Name in keyof TermsFormValues]: TermsFormValues[Name] extends string ? Name : never;
}[keyof TermsFormValues];

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
  readonly type?: "text" | "date";
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
  type = "text",
  disabled = false,
}: Props) {
  return (
    <TextField
      label={label}
      helpText={help}
      prefix={prefix}
      suffix={suffix}
      type={type}
      inputMode={keyboard}
      disabled={disabled}
      autoComplete="off"
      value={disabled ? "" : fields.values[name]}
      onChange={(typed) => fields.change({ [name]: typed })}
      error={fields.errorOf(path)}
    />
  );
}
