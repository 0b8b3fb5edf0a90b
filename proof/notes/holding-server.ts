import { setTimeout as sleep } from "node:timers/promises";
import { SMTPServer } from "smtp-server";

/** A mail server that keeps a mail and says nothing, for as long as it is told to. */
export type HoldingServer = {
  readonly port: number;
  /** How often a mail to each address was taken. */
  readonly taken: ReadonlyMap<string, number>;
  /** Mails that were taken while nothing was said; the sender cannot know. */
  readonly held: readonly string[];
  /** Resolves when one more mail is held than `count`. @throws when none comes in time */
  untilHeld(count: number): Promise<void>;
  /** From now on every mail is taken and said to be. */
  answer(): void;
  close(): Promise<void>;
};

const WAIT_MS_MAX = 90_000;
const LOOK_MS = 20;

/** Starts it on a free port of this machine. */
export async function startHoldingServer(): Promise<HoldingServer> {
  const taken = new Map<string, number>();
  const held: string[] = [];
  let isAnswering = false;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    logger: false,
    closeTimeout: 200,
    onData(stream, session, done) {
      stream.resume();
      stream.on("end", () => {
        const to = session.envelope.rcptTo.map(({ address }) => address).join(",");
        taken.set(to, (taken.get(to) ?? 0) + 1);
        if (isAnswering) done();
        else held.push(to);
      });
    },
  });
  // The sender is killed while it waits: its end of the connection is gone, and that is the point.
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const address = server.server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    taken,
    held,
    async untilHeld(count) {
      const endsAt = performance.now() + WAIT_MS_MAX;
      while (held.length <= count) {
        if (performance.now() > endsAt) throw new Error(`no mail came after ${String(count)} that were held`);
        await sleep(LOOK_MS);
      }
    },
    answer: () => {
      isAnswering = true;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
