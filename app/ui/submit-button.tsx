import type { ReactNode } from "react";

type Props = {
  readonly name?: string;
  readonly value?: string;
  readonly look?: "primary" | "critical" | "plain";
  readonly disabled?: boolean;
  /** The id of the text that says why it is disabled, or what it does. */
  readonly describedBy?: string;
  readonly children: ReactNode;
};

/**
 * A button that sends its form with a name and a value, so that one form has several answers and works before any script
 * has run. Polaris has no such button; this one looks like its own.
 */
export function SubmitButton({ name, value, look = "plain", disabled = false, describedBy, children }: Props) {
  return (
    <button
      type="submit"
      name={name}
      value={value}
      disabled={disabled}
      aria-describedby={describedBy}
      className={`gw-button gw-button--${look}`}
    >
      {children}
    </button>
  );
}
