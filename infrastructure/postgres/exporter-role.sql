-- Creates the role of postgres_exporter, which can read statistics, but no table. If the role exists, only
-- its password may change. The psql variables role, password and database come on standard input
-- (print_exporter_role in scripts/lib/monitoring.sh): every user of the machine can read arguments.
-- Hides notices such as "already granted".
SET client_min_messages = warning;
SELECT format('CREATE ROLE %I LOGIN', :'role')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec
SET password_encryption = 'scram-sha-256';
-- Few connections and short statements: monitoring must not slow down the database.
SELECT format('ALTER ROLE %I PASSWORD %L CONNECTION LIMIT 5', :'role', :'password') \gexec
SELECT format('ALTER ROLE %I SET statement_timeout = %L', :'role', '5s') \gexec
SELECT format('ALTER ROLE %I SET default_transaction_read_only = on', :'role') \gexec
SELECT format('GRANT pg_monitor TO %I', :'role') \gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO %I', :'database', :'role') \gexec
