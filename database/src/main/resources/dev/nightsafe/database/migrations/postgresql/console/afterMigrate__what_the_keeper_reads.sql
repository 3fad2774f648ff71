-- After each migration: the keeper may read these tables of the console's and no others. deploy/postgresql/setup.sql makes
-- its role; without one, console and keeper are one role.
DO $$
DECLARE
    needed TEXT;
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'nightsafe_keeper') THEN
        FOREACH needed IN ARRAY ARRAY['flyway_schema_history', 'queue', 'release_rule', 'rule_set', 'secret', 'secret_version', 'vault', 'workspace'] LOOP
            IF NOT has_table_privilege('nightsafe_keeper', needed, 'SELECT') THEN
                EXECUTE format('GRANT SELECT ON %I TO nightsafe_keeper', needed);
            END IF;
        END LOOP;
    END IF;
END $$;
