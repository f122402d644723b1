-- Makes the app's role in PostgreSQL, and its database. Run by postprovision.sh as the server's Entra administrator, connected to the database
-- "postgres", with the psql variables identity, object_id and database. Running it again changes nothing.
\set ON_ERROR_STOP on

-- The role is bound to the identity by its object id; it has no password, and is no administrator.
SELECT pgaadauth_create_principal_with_oid(:'identity', :'object_id', 'service', false, false)
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'identity');

-- The administrator owns the database, so that the app cannot drop it, nor let anybody else in.
SELECT format('CREATE DATABASE %I', :'database')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database')
\gexec

REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE :"database" TO :"identity";

\connect :database
-- The app makes its tables itself: at its start it runs the numbered scripts of its schema.
GRANT USAGE, CREATE ON SCHEMA public TO :"identity";
