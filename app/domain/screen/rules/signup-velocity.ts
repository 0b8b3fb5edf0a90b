import type { Rule } from "../rule.ts";

/**
 * The sign-up lies in a burst: through the code, from one device, or from one exact address. The threshold is the code's and has
 * to be passed; so many from a device or an address are a burst already.
 */
export const signupVelocity: Rule = {
  id: "signup_velocity",
  family: "velocity",
  outcome: "hold",
  weight: 50,
  threshold: { usual: 10, least: 1, most: 10_000, unit: "people" },
  limits: {
    device: { usual: 3, least: 2, most: 10_000, unit: "people" },
    network: { usual: 10, least: 2, most: 10_000, unit: "people" },
  },
  mildest: "none",
  sees: (features, peopleMost, { device = Infinity, network = Infinity }) => {
    const { signUpsOnCode, signUpsOnDevice, signUpsOnNetwork } = features;
    const bursts = {
      ...((signUpsOnCode ?? 0) > peopleMost ? { signUpsOnCode } : {}),
      ...((signUpsOnDevice ?? 0) >= device ? { signUpsOnDevice } : {}),
      ...((signUpsOnNetwork ?? 0) >= network ? { signUpsOnNetwork } : {}),
    };
    const evidence = Object.fromEntries(
      Object.entries(bursts).filter((entry): entry is [string, number] => entry[1] !== null),
    );
    return Object.keys(evidence).length === 0 ? null : { evidence };
  },
};
