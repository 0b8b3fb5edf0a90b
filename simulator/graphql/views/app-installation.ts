import { gid } from "../../world/ids.ts";
import type { Call, View } from "../call.ts";

/** `AppInstallation` of the app that asks. */
export function appInstallationView(call: Call): View {
  const { installation } = call.shop;
  return {
    __typename: "AppInstallation",
    id: gid("AppInstallation", installation?.id ?? "0"),
    accessScopes: (installation?.scopes ?? []).map((handle) => ({ handle, description: handle.replaceAll("_", " ") })),
    activeSubscriptions: [],
    launchUrl: `${call.world.url}/admin/apps`,
    uninstallUrl: null,
    app: {
      id: gid("App", "580111"),
      apiKey: call.world.app.apiKey,
      title: "Goodword",
      handle: "goodword",
      embedded: true,
    },
  };
}
