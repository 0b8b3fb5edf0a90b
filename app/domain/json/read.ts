/** A value that was read, boxed because null and false are values too; null when the input does not fit. */
export type Parsed<T> = { readonly value: T } | null;
/** Reads one shape out of anything. Total: it never throws. */
export type Reader<T> = (input: unknown) => Parsed<T>;
type ValueOf<R> = R extends Reader<infer T> ? T : never;

/** Text that matches a pattern in full. */
export function textLike(pattern: RegExp): Reader<string> {
  return (input) => (typeof input === "string" && pattern.test(input) ? { value: input } : null);
}

/** Text of at most so many characters. */
export function textUpTo(lengthMax: number): Reader<string> {
  return (input) => (typeof input === "string" && input.length <= lengthMax ? { value: input } : null);
}

/** One of a few words. */
export function oneOf<const T extends string>(words: readonly T[]): Reader<T> {
  return (input) => {
    const found = words.find((word) => word === input);
    return found === undefined ? null : { value: found };
  };
}

/** True or false. */
export function truth(input: unknown): Parsed<boolean> {
  return typeof input === "boolean" ? { value: input } : null;
}

/** A whole number within limits, both included. */
export function wholeNumber(min: number, max: number): Reader<number> {
  return (input) =>
    typeof input === "number" && Number.isInteger(input) && input >= min && input <= max ? { value: input } : null;
}

/** The value, or null; a field that is absent counts as null, so that an older writer can be read by a newer reader. */
export function nullable<T>(reader: Reader<T>): Reader<T | null> {
  return (input) => (input === null || input === undefined ? { value: null } : reader(input));
}

/** A list of at most `lengthMax` values, every one of which fits. */
export function listOf<T>(reader: Reader<T>, lengthMax: number): Reader<readonly T[]> {
  return (input) => {
    if (!Array.isArray(input) || input.length > lengthMax) return null;
    const values: T[] = [];
    for (const item of input) {
      const parsed = reader(item);
      if (parsed === null) return null;
      values.push(parsed.value);
    }
    return { value: values };
  };
}

/** Named values of one kind, at most `sizeMax`; names that would touch an object's prototype do not fit. */
export function recordOf<T>(reader: Reader<T>, sizeMax: number): Reader<Readonly<Record<string, T>>> {
  return (input) => {
    if (!isObject(input)) return null;
    const entries = Object.entries(input);
    if (entries.length > sizeMax) return null;
    const values: [string, T][] = [];
    for (const [name, item] of entries) {
      const parsed = name === "__proto__" ? null : reader(item);
      if (parsed === null) return null;
      values.push([name, parsed.value]);
    }
    return { value: Object.fromEntries(values) };
  };
}

/** An object with the fields of `shape`; other fields are left behind. */
export function objectOf<S extends Readonly<Record<string, Reader<unknown>>>>(
  shape: S,
): Reader<{ readonly [K in keyof S]: ValueOf<S[K]> }> {
  return (input) => {
    if (!isObject(input)) return null;
    const values: Record<string, unknown> = {};
    for (const [name, reader] of Object.entries(shape)) {
      const parsed = reader(Object.hasOwn(input, name) ? input[name] : undefined);
      if (parsed === null) return null;
      values[name] = parsed.value;
    }
    // Every field was read by the reader that `shape` names for it, which the compiler cannot follow through the loop.
    return { value: values as { readonly [K in keyof S]: ValueOf<S[K]> } };
  };
}

/** Whether a value is an object with named fields: no list, no null. */
export function isObject(input: unknown): input is Readonly<Record<string, unknown>> {
  return typeof input === "object" && input !== null && !Array.isArray(input);
}
