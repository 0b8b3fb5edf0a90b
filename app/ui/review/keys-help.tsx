import { BlockStack, Checkbox, Modal } from "@shopify/polaris";
import { REVIEW_KEYS } from "./use-review-keys.ts";

type Props = {
  readonly isOpen: boolean;
  readonly isOn: boolean;
  readonly onTurn: (isOn: boolean) => void;
  readonly onClose: () => void;
};

/** The keys of the review page, and the switch that turns them off. */
export function KeysHelp({ isOpen, isOn, onTurn, onClose }: Props) {
  return (
    <Modal open={isOpen} onClose={onClose} title="Review by keyboard">
      <Modal.Section>
        <BlockStack gap="400">
          <dl className="gw-keys">
            {REVIEW_KEYS.map(({ key, does }) => (
              <div key={key} className="gw-keys__row">
                <dt>
                  <kbd className="gw-code">{key}</kbd>
                </dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
          <Checkbox
            label="Use single keys on this page"
            helpText="Off, only ? does anything. Keys never act while you type in a field."
            checked={isOn}
            onChange={onTurn}
          />
        </BlockStack>
      </Modal.Section>
    </Modal>
  );
}
