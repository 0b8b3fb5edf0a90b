import type { Rule } from "../rule.ts";

/** So many sign-ups in 24 hours are a burst already, unlike the code's threshold, which has to be passed. */
const DEVICE_BURST = 3;
const NETWORK_BURST = 10;

/** The sign-up lies in a burst: through the code, from one device, or from one exact address. The threshold is the code's. */
export const signupVelocity: Rule = {
  id: "signup_velocity",
  family: "velocity",
  outcome: "hold",
  weight: 50,
  threshold: { usual: 10, least: 1, most: 10_000, unit: "people" },
  mildest: "none",
  sees: (features, peopleMost) => {
    const { signUpsOnCode, signUpsOnDevice, signUpsOnNetwork } = features;
    const bursts = {
      ...((signUpsOnCode ?? 0) > peopleMost ? { signUpsOnCode } : {}),
      ...((signUpsOnDevice ?? 0) >= DEVICE_BURST ? { signUpsOnDevice } : {}),
      ...((signUpsOnNetwork ?? 0) >= NETWORK_BURST ? { signUpsOnNetwork } : {}),
    };
    const evidence = Object.fromEntries(
      Object.entries(bursts).filter((entry): entry is [string, number] => entry[1] !== null),
    );
    return Object.keys(evidence).length === 0 ? null : { evidence };
  },
};
