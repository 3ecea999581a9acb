-- The role and the database of the API, with the role's password as it is set now. Running it again
-- changes nothing but a password that changed. psql variables: role, database; the password comes by
-- the environment (POSTGRES_PASSWORD), since arguments can be read by every user of the machine.
-- The role owns its database and is no superuser.
\getenv password POSTGRES_PASSWORD
SELECT format('CREATE ROLE %I LOGIN', :'role')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec
SET password_encryption = 'scram-sha-256';
SELECT format('ALTER ROLE %I PASSWORD %L', :'role', :'password') \gexec
SELECT format('CREATE DATABASE %I OWNER %I', :'database', :'role')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
SELECT format('REVOKE CONNECT ON DATABASE %I FROM PUBLIC', :'database') \gexec
