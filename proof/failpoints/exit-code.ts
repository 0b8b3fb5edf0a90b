/** The exit code of a process that met its failpoint. */
export const MET = 77;
