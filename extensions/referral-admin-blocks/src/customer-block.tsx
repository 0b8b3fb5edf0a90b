import { render } from "preact";
import { Block } from "./block.tsx";

/** Beside a customer: by whom they were referred, and what came of a link of their own. */
export default async function customerBlock(): Promise<void> {
  render(<Block kind="customer" />, document.body);
}
