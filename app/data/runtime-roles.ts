import type pg from "pg";

import { type Pools, RUNTIME_ROLES, type RuntimeRole } from "./pools.ts";

type Standing = {
  role: string;
  bypasses: boolean;
  tables: number;
  owned: number;
  unguarded: string[];
};

// What the connection is right now, and every tenant table whose rows it could see without naming a shop.
const STANDING = `
  SELECT
    current_user::text AS role,
    (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user) AS bypasses,
    count(*)::int AS tables,
    (count(*) FILTER (WHERE pg_get_userbyid(c.relowner) = current_user))::int AS owned,
    coalesce(array_agg(c.relname::text) FILTER (WHERE NOT (c.relrowsecurity AND c.relforcerowsecurity)), '{}') AS unguarded
  FROM pg_class c
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
    AND c.relname NOT IN ('referral_transitions', '_prisma_migrations')`;

/**
 * Refuses to run unless row-level security is in force: every pool speaks as its own role, no role can bypass or owns a
 * table, and every table forces its policies.
 *
 * @param pools The three pools of this process.
 * @throws Error that names what is wrong. Nothing has been read or written then.
 */
export async function assertRuntimeRoles(pools: Pick<Pools, "door" | "app" | "sweep">): Promise<void> {
  const byRole: Record<RuntimeRole, pg.Pool> = { gw_door: pools.door, gw_app: pools.app, gw_sweep: pools.sweep };
  for (const role of RUNTIME_ROLES) {
    const { rows } = await byRole[role].query<Standing>(STANDING);
    const fault = rows[0] === undefined ? "cannot say who it is" : faultOf(role, rows[0]);
    if (fault !== null)
      throw new Error(`Row-level security is not in force: the connection of ${role} ${fault}. Refusing to run.`);
  }
}

function faultOf(role: RuntimeRole, standing: Standing): string | null {
  if (standing.role !== role) return `speaks as ${standing.role}`;
  if (standing.bypasses) return "may bypass row security";
  if (standing.tables === 0) return "sees no tables: run `npm run db:migrate`";
  if (standing.owned > 0) return "owns tables";
  if (standing.unguarded.length > 0) return `could read without a policy: ${standing.unguarded.join(", ")}`;
  return null;
}
