-- What a check found, by name, so that a finding which a person has seen and let pass is told from a new one.
ALTER TABLE check_results ADD COLUMN subjects text[] NOT NULL DEFAULT '{}';
