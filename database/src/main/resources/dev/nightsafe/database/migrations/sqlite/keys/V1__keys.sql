-- Only the keeper reads these. Everything secret in them is wrapped by a key that is not in any database.
-- serial: higher than that of the vault's key before. made_for: the vault, or the rekey that asked for it; asking again makes
-- no other key.
CREATE TABLE opening_key (
    lock_id TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    vault_id TEXT NOT NULL,
    serial BIGINT NOT NULL,
    made_for TEXT NOT NULL UNIQUE,
    suite TEXT NOT NULL,
    public_key BLOB NOT NULL,
    master_version BIGINT NOT NULL,
    wrapped BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (vault_id, serial)
);

-- A known text under each master-key version: a wrong key is found at start.
CREATE TABLE canary (
    master_version BIGINT PRIMARY KEY,
    encrypted BLOB NOT NULL,
    created_at BIGINT NOT NULL
);

-- The root signing key under the keeper's data key (a file), so that leases work without a master key.
CREATE TABLE root_key (
    id BIGINT PRIMARY KEY,
    public_key BLOB NOT NULL,
    wrapped BLOB NOT NULL,
    created_at BIGINT NOT NULL
);
