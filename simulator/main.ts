import { parseArgs } from "node:util";
import { startSimulator } from "./server.ts";

const USAGE = "node simulator/main.ts --port N --app-url URL --api-key KEY --api-secret SECRET [--smtp-port N]";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: process.env["SIMULATOR_PORT"] ?? "4600" },
    "app-url": { type: "string", default: process.env["SHOPIFY_APP_URL"] ?? "" },
    "api-key": { type: "string", default: process.env["SHOPIFY_API_KEY"] ?? "" },
    "api-secret": { type: "string", default: process.env["SHOPIFY_API_SECRET"] ?? "" },
    "smtp-port": { type: "string", default: process.env["SIMULATOR_SMTP_PORT"] ?? "" },
  },
});

/** Reads a port number; stops the process with a message when it is none. */
function portOf(text: string, name: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  return refuse(`--${name} must be a port number, not "${text}".`);
}

function refuse(message: string): never {
  process.stderr.write(`${message}\nUsage: ${USAGE}\n`);
  process.exit(1);
}

if (!URL.canParse(values["app-url"])) refuse("--app-url (or SHOPIFY_APP_URL) must be the app's address.");
if (values["api-key"] === "" || values["api-secret"] === "") refuse("--api-key and --api-secret are needed.");

try {
  const running = await startSimulator({
    port: portOf(values.port, "port"),
    appUrl: values["app-url"],
    apiKey: values["api-key"],
    apiSecret: values["api-secret"],
    smtpPort: values["smtp-port"] === "" ? undefined : portOf(values["smtp-port"], "smtp-port"),
  });
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void running.close().then(() => process.exit(0));
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  // Said last: whoever waits for this line may end the process at once, and it must end in order.
  const mail = running.smtpPort === null ? "" : `, mail on port ${running.smtpPort}`;
  process.stdout.write(`The pretend Shopify listens on ${running.url}${mail}\n`);
} catch (error) {
  refuse(`The pretend Shopify could not start: ${error instanceof Error ? error.message : String(error)}`);
}
