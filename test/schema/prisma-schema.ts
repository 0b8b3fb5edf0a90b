/** A model of schema.prisma, in the database's own names. */
export type PrismaModel = {
  readonly table: string;
  readonly fields: readonly { readonly column: string; readonly type: string }[];
  /** Columns of the primary key, in order. */
  readonly key: readonly string[];
  /** The model itself, or fields, without a `///` line above. */
  readonly undocumented: readonly string[];
};

const MODEL = /(?<doc>\/\/\/[^\n]*\n)?model (?<name>\w+) \{\n(?<body>.*?)\n\}/gs;
const FIELD = /^(?<name>\w+) +(?<type>\w+(?:\[\]|\?)?)(?: +(?<attributes>.*))?$/;

/**
 * Reads the models of a Prisma schema that has neither relations nor enums.
 *
 * @param source The file's text.
 */
export function parsePrismaSchema(source: string): PrismaModel[] {
  return [...source.matchAll(MODEL)].map(({ groups = {} }) => {
    const lines = (groups["body"] ?? "").split("\n").map((line) => line.trim());
    const fields = lines.flatMap((line, at) => {
      const { name, type, attributes = "" } = FIELD.exec(line)?.groups ?? {};
      if (name === undefined || type === undefined) return [];
      const column = /@map\("(\w+)"\)/.exec(attributes)?.[1] ?? name;
      return [
        { name, column, type, isKey: /@id\b/.test(attributes), documented: lines[at - 1]?.startsWith("/// ") === true },
      ];
    });
    const columnOf = new Map(fields.map((field) => [field.name, field.column]));
    const compound = lines.map((line) => /^@@id\(\[([^\]]+)\]/.exec(line)?.[1]).find((names) => names !== undefined);
    const key =
      compound === undefined
        ? fields.filter((field) => field.isKey).map((field) => field.column)
        : compound.split(", ").map((name) => columnOf.get(name) ?? name);
    const table =
      lines.map((line) => /^@@map\("(\w+)"\)/.exec(line)?.[1]).find((name) => name !== undefined) ??
      groups["name"] ??
      "";
    const undocumented = fields.filter((field) => !field.documented).map((field) => field.column);
    return { table, fields, key, undocumented: groups["doc"] === undefined ? [table, ...undocumented] : undocumented };
  });
}
