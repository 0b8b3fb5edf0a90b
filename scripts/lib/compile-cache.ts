import { join } from "node:path";

/**
 * Where Node keeps the modules that it has compiled: every start after the first costs a third less. Stale entries are
 * harmless, since each names what it was compiled from. A folder that the environment names is left as it is.
 */
export const COMPILE_CACHE = { NODE_COMPILE_CACHE: join(import.meta.dirname, "..", "..", ".cache", "node") } as const;
