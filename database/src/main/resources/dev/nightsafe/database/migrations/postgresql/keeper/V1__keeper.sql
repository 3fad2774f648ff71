-- The keeper's own tables. The console may read them, never write. Times are milliseconds since 1970.
-- token_key: the public half of the key that the token is (EnrolmentKey). mac, here and in runner: the keeper's HMAC over
-- all that decides what a runner gets (authenticated() of the row); a row without a right one is worth nothing.
CREATE TABLE enrolment_token (
    id TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    token_key BYTEA NOT NULL UNIQUE,
    site TEXT NOT NULL,
    queues TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    created_at BIGINT NOT NULL,
    mac BYTEA NOT NULL
);

-- queues: JSON array of names, ["*"] for all.
CREATE TABLE runner (
    id TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    name TEXT NOT NULL,
    site TEXT NOT NULL,
    queues TEXT NOT NULL,
    public_key BYTEA NOT NULL UNIQUE,
    isolation TEXT NOT NULL,
    enrolled_at BIGINT NOT NULL,
    last_seen_at BIGINT,
    revoked_at BIGINT,
    audit_problem TEXT,
    mac BYTEA NOT NULL
);
CREATE INDEX runner_by_workspace ON runner (workspace_id);

-- Runner x deployment. restart_told: the last restart of its queue that the runner was told of; restarted: the last that its
-- workers have behind them. fencing is the queue's revision of the deployment; deployment is what was leased, JSON.
CREATE TABLE serving_lease (
    id TEXT PRIMARY KEY,
    runner_id TEXT NOT NULL REFERENCES runner (id),
    workspace_id TEXT NOT NULL,
    queue_id TEXT NOT NULL,
    queue_name TEXT NOT NULL,
    deployment TEXT NOT NULL,
    digest TEXT NOT NULL,
    fencing BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    detail TEXT,
    restart_told BIGINT NOT NULL,
    restarted BIGINT NOT NULL,
    UNIQUE (runner_id, queue_id)
);

-- progress, payload, result, error and report are AES-256-GCM under the workspace's data key. reason: why it waits or
-- ended, in the keeper's or a runner's words, never a program's. attempt counts leases, fencing too, but never goes back.
-- output: what the result is held to (JSON of the queue's output as it was at submission), null for anything.
-- values_grant: whose values later attempts must have, where the queue says so: of the worker of the first attempt.
-- renewed: whether its runner was heard of under the lease that it has or had last. uncounted: how many leases ended without.
-- priority is the sub-queue's weight. Timeouts and TTLs are milliseconds, 0 for none; pending_until, active_until and delete_at follow from them.
CREATE TABLE task (
    id TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    queue_id TEXT NOT NULL,
    queue_revision BIGINT NOT NULL,
    queue_name TEXT NOT NULL,
    sub_queue TEXT NOT NULL,
    priority BIGINT NOT NULL,
    type TEXT,
    state TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    max_retry BIGINT NOT NULL,
    pending_timeout BIGINT NOT NULL,
    active_timeout BIGINT NOT NULL,
    ttl_completed BIGINT NOT NULL,
    ttl_archived BIGINT NOT NULL,
    idempotency_key TEXT,
    output TEXT,
    fencing BIGINT NOT NULL,
    not_before BIGINT NOT NULL,
    pending_until BIGINT,
    active_until BIGINT,
    delete_at BIGINT,
    submitted_at BIGINT NOT NULL,
    submitted_by TEXT NOT NULL,
    started_at BIGINT,
    finished_at BIGINT,
    lease_id TEXT,
    serving_lease_id TEXT,
    runner_id TEXT,
    lease_expires_at BIGINT,
    cancel_requested BOOLEAN NOT NULL,
    commit_id TEXT,
    reason TEXT,
    progress BYTEA,
    payload BYTEA NOT NULL,
    result BYTEA,
    error BYTEA,
    report BYTEA,
    withheld TEXT,
    values_grant TEXT,
    renewed BOOLEAN NOT NULL,
    uncounted BIGINT NOT NULL
);
CREATE INDEX task_to_take ON task (queue_id, state, sub_queue, submitted_at, id);
CREATE INDEX task_by_workspace ON task (workspace_id, submitted_at);
-- A task is in those that its state needs, no more: each change of an index is a page to write.
CREATE INDEX task_leases ON task (lease_expires_at) WHERE state = 'running';
CREATE UNIQUE INDEX task_by_lease ON task (lease_id) WHERE lease_id IS NOT NULL;
CREATE INDEX task_overdue ON task (pending_until) WHERE state = 'pending' AND pending_until IS NOT NULL;
CREATE INDEX task_to_delete ON task (delete_at) WHERE delete_at IS NOT NULL;
CREATE UNIQUE INDEX task_idempotency ON task (queue_id, idempotency_key) WHERE idempotency_key IS NOT NULL;

-- What programs printed while they had a task, where it may leave its site: content is AES-256-GCM under the workspace's data
-- key. first: number of its first part under this lease. cut: what came before was dropped, since a task keeps the newest only.
CREATE TABLE task_log (
    task_id TEXT NOT NULL REFERENCES task (id) ON DELETE CASCADE,
    fencing BIGINT NOT NULL,
    first BIGINT NOT NULL,
    parts BIGINT NOT NULL,
    attempt BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    cut BOOLEAN NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (task_id, fencing, first)
);

-- Queues whose tasks wait because somebody said so.
CREATE TABLE paused_queue (
    queue_id TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    paused_at BIGINT NOT NULL,
    paused_by TEXT NOT NULL
);

-- How often a queue's workers were asked to start anew.
CREATE TABLE queue_restart (
    queue_id TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    number BIGINT NOT NULL
);

-- Versions of secrets that were granted together: stored once, however many workers are started with them. The id is the
-- contents' hash.
CREATE TABLE version_set (
    id TEXT NOT NULL,
    vault_id TEXT NOT NULL,
    vault_name TEXT NOT NULL,
    key TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (id, vault_id, key)
);
CREATE INDEX version_set_by_secret ON version_set (vault_id, key, id);

-- What was granted to whom: the ledger that `runner revoke` and a leak are answered from.
CREATE TABLE granted (
    grant_id TEXT PRIMARY KEY,
    version_set_id TEXT NOT NULL,
    runner_id TEXT NOT NULL,
    queue_id TEXT NOT NULL,
    queue_name TEXT NOT NULL,
    serving_lease_id TEXT NOT NULL,
    commit_id TEXT,
    at BIGINT NOT NULL
);
CREATE INDEX granted_by_version_set ON granted (version_set_id, grant_id);
CREATE INDEX granted_by_runner ON granted (runner_id, version_set_id, at);

-- Which grant the worker of an attempt at a task was started with. Rows outlive their tasks.
CREATE TABLE attempt (
    grant_id TEXT NOT NULL,
    task_id TEXT NOT NULL,
    fencing BIGINT NOT NULL,
    attempt BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (grant_id, task_id, fencing)
);
CREATE INDEX attempt_by_time ON attempt (at);

-- The highest version of each secret that was ever released, with its box's hash: a lower or another one is refused.
CREATE TABLE released (
    vault_id TEXT NOT NULL,
    key TEXT NOT NULL,
    version BIGINT NOT NULL,
    box_hash BYTEA NOT NULL,
    PRIMARY KEY (vault_id, key)
);

-- The highest version of each vault's release rules that was ever found authentic: a lower one is refused.
CREATE TABLE rule_set_seen (
    vault_id TEXT PRIMARY KEY,
    version BIGINT NOT NULL
);

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
