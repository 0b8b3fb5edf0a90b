import { render } from "preact";
import { Block } from "./block.tsx";

/** Beside an order: by whom its buyer was referred. */
export default async function orderBlock(): Promise<void> {
  render(<Block kind="order" />, document.body);
}
