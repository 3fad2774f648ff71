-- The console's own tables. The keeper may read them, never write. Times are milliseconds since 1970.
CREATE TABLE workspace (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);

-- workspace_id is null for a token that is for every workspace. hash is SHA-256 of the token, hex. mac is the console's
-- HMAC over all but last_used_at (ApiTokenRow.authenticated); a row without a right one opens nothing.
CREATE TABLE api_token (
    id TEXT PRIMARY KEY,
    workspace_id TEXT REFERENCES workspace (id),
    name TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    permissions TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at BIGINT,
    mac BYTEA NOT NULL
);

-- keep_versions: how many values of each key are kept, the current one included. keep_days: how long after it was replaced, 0
-- for without end.
CREATE TABLE vault (
    id TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspace (id),
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    description TEXT NOT NULL,
    kind TEXT NOT NULL,
    suite TEXT NOT NULL,
    lock_id TEXT NOT NULL,
    lock_public_key BYTEA NOT NULL,
    lock_serial BIGINT NOT NULL,
    lock_certificate BYTEA NOT NULL,
    keep_versions BIGINT NOT NULL,
    keep_days BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (workspace_id, name_folded)
);

-- One row a key; box is null after unset, so that versions never go back. accepted_mac is the console's HMAC over the
-- deposit (DepositBinding.authenticated); the keeper refuses a box without a right one, and one after expires_at (0: never).
-- origin: empty for a box as it was deposited; for one that the keeper sealed anew under another lock, SHA-256 of the box as it
-- was deposited and the keeper's HMAC.
-- rotate_days: how often it should be replaced, 0 for not said; a reminder, nothing more.
CREATE TABLE secret (
    vault_id TEXT NOT NULL REFERENCES vault (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    key_folded TEXT NOT NULL,
    version BIGINT NOT NULL,
    suite TEXT NOT NULL,
    lock_id TEXT NOT NULL,
    box BYTEA,
    box_hash BYTEA NOT NULL,
    accepted_mac BYTEA NOT NULL,
    origin BYTEA NOT NULL,
    is_secret BOOLEAN NOT NULL,
    plain_value BYTEA,
    expires_at BIGINT NOT NULL,
    rotate_days BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL,
    PRIMARY KEY (vault_id, key),
    UNIQUE (vault_id, key_folded)
);

-- Versions before the current one. state: kept, or without box since they were pruned (too many or too old for their vault)
-- or forgotten (by somebody, or with the key). since: when they came to be so.
CREATE TABLE secret_version (
    vault_id TEXT NOT NULL REFERENCES vault (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    version BIGINT NOT NULL,
    suite TEXT NOT NULL,
    lock_id TEXT NOT NULL,
    box BYTEA,
    box_hash BYTEA NOT NULL,
    accepted_mac BYTEA NOT NULL,
    origin BYTEA NOT NULL,
    is_secret BOOLEAN NOT NULL,
    plain_value BYTEA,
    expires_at BIGINT NOT NULL,
    deposited_at BIGINT NOT NULL,
    deposited_by TEXT NOT NULL,
    state TEXT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (vault_id, key, version)
);

-- A vault's newest rekey. lock_id: the lock that everything is to be under, null until the keeper made it. total: values that
-- were under another lock then; done: how many of them were sealed anew; refused: how many the keeper couldn't open.
-- problem: why it doesn't go on just now. mac is the console's HMAC over vault, id, lock and who asked when until when
-- (RekeyRow.authenticated); a row without a right one does nothing.
CREATE TABLE rekey (
    vault_id TEXT PRIMARY KEY REFERENCES vault (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    lock_id TEXT,
    total BIGINT NOT NULL,
    done BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    started_by TEXT NOT NULL,
    finished_at BIGINT,
    problem TEXT,
    mac BYTEA NOT NULL
);

-- definition: as in the queue's file, JSON. deployment: Deployment.toMap with resolved vault ids, JSON.
CREATE TABLE queue (
    id TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspace (id),
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    definition TEXT NOT NULL,
    deployment TEXT NOT NULL,
    deployment_digest TEXT NOT NULL,
    revision BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL,
    UNIQUE (workspace_id, name_folded)
);

-- When each schedule of a queue's definition makes its next task; null for never again.
CREATE TABLE schedule (
    queue_id TEXT NOT NULL REFERENCES queue (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    cron TEXT NOT NULL,
    zone TEXT NOT NULL,
    next_at BIGINT,
    PRIMARY KEY (queue_id, name)
);
CREATE INDEX schedule_due ON schedule (next_at);

CREATE TABLE release_rule (
    id TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspace (id),
    vault_id TEXT NOT NULL REFERENCES vault (id) ON DELETE CASCADE,
    queue_id TEXT NOT NULL REFERENCES queue (id) ON DELETE CASCADE,
    site TEXT NOT NULL,
    git_url TEXT NOT NULL,
    branch TEXT NOT NULL,
    code_path TEXT NOT NULL,
    startup_cmd TEXT NOT NULL,
    uses TEXT NOT NULL,
    disclosure TEXT NOT NULL,
    commit_id TEXT,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL
);
CREATE INDEX release_rule_by_vault ON release_rule (vault_id);
CREATE INDEX release_rule_by_queue ON release_rule (queue_id);

-- floor: the weakest way in which workers may get the vault's values. mac is the console's HMAC over it and all of the
-- vault's release rules in this version (RuleSet.authenticated); without a right one the keeper releases nothing. Each vault
-- is made with its row.
CREATE TABLE rule_set (
    vault_id TEXT PRIMARY KEY REFERENCES vault (id) ON DELETE CASCADE,
    version BIGINT NOT NULL,
    floor TEXT NOT NULL,
    mac BYTEA NOT NULL
);
CREATE INDEX rule_set_by_version ON rule_set (version);

-- Audit chains (ChainedEvent), one a process: chain is <part>/<instance>. The last event of each commit has the signature
-- of the process's audit key over its hash.
CREATE TABLE audit_event (
    chain TEXT NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    workspace_id TEXT,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    outcome TEXT NOT NULL,
    details TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL,
    signature BYTEA,
    PRIMARY KEY (chain, seq)
);
CREATE INDEX audit_event_by_workspace ON audit_event (workspace_id, chain, seq);
