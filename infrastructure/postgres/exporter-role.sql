-- The role of postgres_exporter: it sees statistics, and reads no table. Run again it changes
-- nothing but a password that changed. psql variables: role, password, database; they come on
-- standard input (print_exporter_role in scripts/lib/monitoring.sh), since arguments can be read by
-- every user of the machine.
-- "Already granted" is no news.
SET client_min_messages = warning;
SELECT format('CREATE ROLE %I LOGIN', :'role')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec
SET password_encryption = 'scram-sha-256';
-- Few connections and short statements: watching must not harm what is watched.
SELECT format('ALTER ROLE %I PASSWORD %L CONNECTION LIMIT 5', :'role', :'password') \gexec
SELECT format('ALTER ROLE %I SET statement_timeout = %L', :'role', '5s') \gexec
SELECT format('ALTER ROLE %I SET default_transaction_read_only = on', :'role') \gexec
SELECT format('GRANT pg_monitor TO %I', :'role') \gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO %I', :'database', :'role') \gexec
