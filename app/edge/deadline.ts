export type Timely<T> =
  | { readonly outcome: "done"; readonly value: T }
  | { readonly outcome: "failed"; readonly error: unknown }
  | { readonly outcome: "late" };

/**
 * Waits for something only so long. What is late goes on by itself, and its failure is then nobody's surprise.
 *
 * @returns What came first: its value, its error, or the end of the time.
 */
export function within<T>(work: Promise<T>, timeoutMs: number): Promise<Timely<T>> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      resolve({ outcome: "late" });
    }, timeoutMs);
    work.then(
      (value) => {
        clearTimeout(timer);
        resolve({ outcome: "done", value });
      },
      (error: unknown) => {
        clearTimeout(timer);
        resolve({ outcome: "failed", error });
      },
    );
  });
}
