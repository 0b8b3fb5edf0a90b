import type { GraphQLError } from "graphql";

export type RefusalEntry = { readonly message: string; readonly [key: string]: unknown };

type Translation = {
  readonly pattern: RegExp;
  readonly say: (parts: readonly string[]) => {
    readonly message: string;
    readonly extensions: Readonly<Record<string, unknown>>;
  };
};

/** graphql-js and Shopify's server say the same things in other words; these are the ones an app meets. */
const TRANSLATIONS: readonly Translation[] = [
  {
    pattern: /^Cannot query field "(\w+)" on type "(\w+)"/,
    say: ([fieldName = "", typeName = ""]) => ({
      message: `Field '${fieldName}' doesn't exist on type '${typeName}'`,
      extensions: { code: "undefinedField", typeName, fieldName },
    }),
  },
  {
    pattern: /^Unknown argument "(\w+)" on field "(\w+)\.(\w+)"/,
    say: ([argumentName = "", , name = ""]) => ({
      message: `Field '${name}' doesn't accept argument '${argumentName}'`,
      extensions: { code: "argumentNotAccepted", name, typeName: "Field", argumentName },
    }),
  },
  {
    pattern: /^Field "(\w+)" argument "(\w+)" of type .* is required/,
    say: ([name = "", argumentName = ""]) => ({
      message: `Field '${name}' is missing required arguments: ${argumentName}`,
      extensions: { code: "missingRequiredArguments", className: "Field", name, arguments: argumentName },
    }),
  },
  {
    pattern: /^Field "(\w+)" of type "(.+)" must have a selection of subfields/,
    say: ([nodeName = "", typeName = ""]) => ({
      message: `Field must have selections (field '${nodeName}' returns ${typeName} but has no selections. Did you mean '${nodeName} { ... }'?)`,
      extensions: { code: "selectionMismatch", nodeName: `field '${nodeName}'`, typeName },
    }),
  },
  {
    pattern: /^Variable "\$(\w+)" (?:got|of required type)/,
    say: ([name = ""]) => ({
      message: `Variable $${name} was provided invalid value`,
      extensions: { code: "INVALID_VARIABLE" },
    }),
  },
];

/** Words a validation error as Shopify's server does, keeping graphql-js's own words where there is no known wording. */
export function shopifyRefusal(error: GraphQLError): RefusalEntry {
  const { locations } = error;
  for (const { pattern, say } of TRANSLATIONS) {
    const match = pattern.exec(error.message);
    if (match === null) continue;
    const { message, extensions } = say(match.slice(1));
    const problems = extensions["code"] === "INVALID_VARIABLE" ? { problems: [{ explanation: error.message }] } : {};
    return { message, locations, extensions: { ...extensions, ...problems } };
  }
  return { message: error.message, locations, extensions: error.extensions };
}
