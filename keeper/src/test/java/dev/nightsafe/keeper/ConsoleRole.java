package dev.nightsafe.keeper;

import dev.nightsafe.core.address.Ids;
import dev.nightsafe.core.keys.KeyFile;
import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.release.VaultUses;
import dev.nightsafe.core.sealing.DepositBinding;
import dev.nightsafe.core.sealing.Lock;
import dev.nightsafe.core.sealing.Sealing;
import dev.nightsafe.core.sealing.Suite;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Digests;
import dev.nightsafe.core.signing.Mac;
import dev.nightsafe.database.console.RuleSetRepository;
import dev.nightsafe.database.console.SecretVersions;
import dev.nightsafe.database.console.StoredRules;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Committers;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.engine.DatabaseAddress;
import dev.nightsafe.database.engine.Databases;
import dev.nightsafe.database.engine.Schema;
import dev.nightsafe.database.keeper.ConsoleTables;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.internal.InternalApi;
import dev.nightsafe.protocol.json.Json;
import dev.nightsafe.protocol.link.Link;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Plays the console: its tables, its side of the link, deposits as a writer seals them. */
final class ConsoleRole implements AutoCloseable {
    static final String ACTOR = "token:test";

    /** What results of the tasks that are submitted are held to. */
    List<InternalApi.OutputField> output = List.of();

    private final Database database;
    private final Committer committer;
    private final Mac mac;
    private final Wire keeper;

    /** A vault, with the lock that writers seal to. */
    record Vault(String workspace, String id, String name, Lock lock) {
        Deployment.VaultRef ref() {
            return new Deployment.VaultRef(name, id);
        }

        Deployment.KeyRef key(String key) {
            return new Deployment.KeyRef(ref(), key);
        }
    }

    /** A queue with its deployment. */
    record Queue(String workspace, String id, String name, Deployment deployment, long revision) {}

    ConsoleRole(Path folder, DatabaseAddress address, int keeperPort, InstantSource clock) {
        database = Databases.open(address, Schema.CONSOLE);
        committer = Committers.startWithoutAudit(database, clock);
        mac = new Mac(KeyFile.read(folder.resolve("deposit.key")));
        keeper = new Wire(Spec.INTERNAL, URI.create("https://127.0.0.1:" + keeperPort), Link.clientContext(folder));
    }

    Wire keeper() {
        return keeper;
    }

    String workspace(String name) {
        String id = Ids.next();
        sql("INSERT INTO workspace VALUES (?, ?, ?, 0)", id, name, name);
        return id;
    }

    Vault vault(String workspace, String name) {
        String id = Ids.next();
        InternalApi.Lock made = keeper.send(
                        "POST", "/internal/v1/locks", new InternalApi.NewLock(workspace, id, ACTOR, null), null)
                .as(InternalApi.Lock.class);
        byte[] publicKey = Base64.getDecoder().decode(made.publicKey());
        sql(
                "INSERT INTO vault VALUES (?, ?, ?, ?, '', 'platform', ?, ?, ?, ?, ?, 10, 0, 0, 0)",
                id,
                workspace,
                name,
                name,
                made.suite(),
                made.lock(),
                publicKey,
                made.serial(),
                Base64.getDecoder().decode(made.certificate()));
        return new Vault(workspace, id, name, new Lock(Suite.of(made.suite()), publicKey));
    }

    /** Has a vault's next lock made; the vault under it. */
    Vault relock(Vault vault) {
        InternalApi.Lock made = keeper.send(
                        "POST",
                        "/internal/v1/locks",
                        new InternalApi.NewLock(vault.workspace(), vault.id(), ACTOR, Ids.next()),
                        null)
                .as(InternalApi.Lock.class);
        byte[] publicKey = Base64.getDecoder().decode(made.publicKey());
        setLock(vault, made.lock());
        return new Vault(vault.workspace(), vault.id(), vault.name(), new Lock(Suite.of(made.suite()), publicKey));
    }

    /** Says which lock is a vault's. */
    void setLock(Vault vault, String lock) {
        sql("UPDATE vault SET lock_id = ? WHERE id = ?", lock, vault.id());
    }

    Wire.Answer reseal(Vault vault, String lock, InternalApi.StoredBox... boxes) {
        return keeper.send(
                "POST",
                "/internal/v1/vaults/" + vault.id() + "/reseal",
                new InternalApi.Reseal(vault.workspace(), ACTOR, lock, List.of(boxes)),
                null);
    }

    /** Has a key's box sealed anew to a vault's lock, for the same version, and puts it in its place. */
    void rekey(Vault vault, String key) {
        InternalApi.StoredBox before = stored(vault, key);
        InternalApi.Resealed resealed = reseal(vault, vault.lock().id(), before).as(InternalApi.Resealed.class);
        byte[] box = Base64.getDecoder().decode(resealed.boxes().getFirst());
        byte[] hash = Digests.sha256(box);
        DepositBinding binding =
                new DepositBinding(vault.workspace(), vault.id(), key, before.version(), before.secret());
        sql(
                "UPDATE secret SET lock_id = ?, box = ?, box_hash = ?, accepted_mac = ?, origin = ?"
                        + " WHERE vault_id = ? AND key = ?",
                vault.lock().id(),
                box,
                hash,
                mac.of(binding.authenticated(vault.lock().id(), hash, before.expiresAt())),
                Base64.getDecoder().decode(resealed.origins().getFirst()),
                vault.id(),
                key);
    }

    Wire.Answer retire(Vault vault) {
        return keeper.send(
                "POST",
                "/internal/v1/vaults/" + vault.id() + "/retire",
                new InternalApi.Retire(vault.workspace(), ACTOR, vault.lock().id()),
                null);
    }

    void delete(Vault vault) {
        sql("DELETE FROM secret WHERE vault_id = ?", vault.id());
        sql("DELETE FROM vault WHERE id = ?", vault.id());
    }

    /** Seals and accepts a secret as the next version. */
    long deposit(Vault vault, String key, String value) {
        return deposit(vault, key, value.getBytes(StandardCharsets.UTF_8), true);
    }

    long deposit(Vault vault, String key, byte[] value, boolean secret) {
        long version = nextVersion(vault, key);
        DepositBinding binding = new DepositBinding(vault.workspace(), vault.id(), key, version, secret);
        committer.commit(transaction -> {
            SecretVersions.keepCurrent(transaction.handle(), vault.id(), key, transaction.now());
            return version;
        });
        try (SecretBytes sealed = SecretBytes.takeFrom(value.clone())) {
            accept(vault, binding, Sealing.seal(vault.lock(), binding, sealed));
        }
        return version;
    }

    /** Stores a box with the console's HMAC. */
    void accept(Vault vault, DepositBinding binding, byte[] box) {
        accept(vault, binding, box, 0);
    }

    void accept(Vault vault, DepositBinding binding, byte[] box, long expiresAt) {
        byte[] hash = Digests.sha256(box);
        String lock = vault.lock().id();
        sql("DELETE FROM secret WHERE vault_id = ? AND key = ?", vault.id(), binding.key());
        sql(
                "INSERT INTO secret VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, 0, 0, 'test')",
                vault.id(),
                binding.key(),
                binding.key(),
                binding.version(),
                vault.lock().suite().id(),
                lock,
                box,
                hash,
                mac.of(binding.authenticated(lock, hash, expiresAt)),
                new byte[0],
                binding.secret(),
                expiresAt);
    }

    InternalApi.StoredBox stored(Vault vault, String key) {
        return stored(vault, key, nextVersion(vault, key) - 1);
    }

    /** A key's box as the console hands it over to be sealed anew for a version. */
    InternalApi.StoredBox stored(Vault vault, String key, long toVersion) {
        ConsoleTables.Secret row = database.read(handle -> ConsoleTables.secret(handle, vault.id(), key))
                .orElseThrow();
        return new InternalApi.StoredBox(
                key,
                row.version(),
                row.suite(),
                row.lockId(),
                Base64.getEncoder().encodeToString(row.box()),
                Base64.getEncoder().encodeToString(row.acceptedMac()),
                Base64.getEncoder().encodeToString(row.origin()),
                row.isSecret(),
                row.expiresAt(),
                toVersion);
    }

    private long nextVersion(Vault vault, String key) {
        return database.read(handle -> handle.createQuery(
                        "SELECT COALESCE(MAX(version), 0) + 1 FROM secret WHERE vault_id = ? AND key = ?")
                .bind(0, vault.id())
                .bind(1, key)
                .mapTo(Long.class)
                .one());
    }

    /** Makes a queue. */
    Queue queue(String workspace, String name, Deployment deployment) {
        String id = Ids.next();
        sql(
                "INSERT INTO queue VALUES (?, ?, ?, ?, '{}', ?, ?, 1, 0, 'test')",
                id,
                workspace,
                name,
                name,
                json(deployment),
                deployment.digest());
        return new Queue(workspace, id, name, deployment, 1);
    }

    /** Changes a queue's deployment. */
    Queue change(Queue queue, Deployment deployment) {
        sql(
                "UPDATE queue SET deployment = ?, deployment_digest = ?, revision = ? WHERE id = ?",
                json(deployment),
                deployment.digest(),
                queue.revision() + 1,
                queue.id());
        return new Queue(queue.workspace(), queue.id(), queue.name(), deployment, queue.revision() + 1);
    }

    void delete(Queue queue) {
        sql("DELETE FROM queue WHERE id = ?", queue.id());
    }

    /** Consents to a queue's deployment as it stands, at every site and commit. */
    void allow(Vault vault, Queue queue) {
        allow(vault, queue, "*", null);
    }

    void allow(Vault vault, Queue queue, String site, @Nullable String commit) {
        Deployment deployment = queue.deployment();
        sql(
                "INSERT INTO release_rule VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 'test')",
                Ids.next(),
                vault.workspace(),
                vault.id(),
                queue.id(),
                site,
                deployment.gitUrl(),
                deployment.branch(),
                deployment.codePath(),
                deployment.startupCmd(),
                VaultUses.text(VaultUses.of(deployment, vault.id())),
                deployment.disclosure().text(),
                commit);
        authenticate(vault);
    }

    /** Takes back all that a vault was released to. */
    void disallow(Vault vault) {
        sql("DELETE FROM release_rule WHERE vault_id = ?", vault.id());
        authenticate(vault);
    }

    long rulesVersion(Vault vault) {
        return database.read(handle -> RuleSetRepository.read(handle, vault.workspace(), vault.id()))
                .version();
    }

    /** Vouches for a vault's rules as they are now, in the next version. */
    void authenticate(Vault vault) {
        floor(
                vault,
                database.read(handle -> RuleSetRepository.read(handle, vault.workspace(), vault.id()))
                        .floor());
    }

    /** The same with this floor. */
    void floor(Vault vault, Deployment.As floor) {
        committer.commit(transaction -> {
            StoredRules now = RuleSetRepository.hold(transaction.handle(), vault.workspace(), vault.id());
            long next = now.version() + 1;
            StoredRules rules = now.in(next, floor);
            RuleSetRepository.put(
                    transaction.handle(),
                    vault.id(),
                    next,
                    floor,
                    mac.of(rules.set().authenticated()));
            return next;
        });
    }

    String enrolmentToken(String workspace, String site, String... queues) {
        return enrolmentToken(workspace, site, 600, queues);
    }

    String enrolmentToken(String workspace, String site, int expiresInSecs, String... queues) {
        return keeper.send(
                        "POST",
                        "/internal/v1/enrolment-tokens",
                        new InternalApi.NewEnrolmentToken(workspace, site, List.of(queues), expiresInSecs, ACTOR),
                        null)
                .as(ConsoleApi.EnrolmentToken.class)
                .token();
    }

    ConsoleApi.Task submit(Queue queue, String payload) {
        return submit(queue, payload, 1, 3);
    }

    ConsoleApi.Task submit(Queue queue, String payload, int priority, int maxRetry) {
        return submit(queue, limits(maxRetry), task("default", priority, payload, null))
                .getFirst();
    }

    List<ConsoleApi.Task> submit(Queue queue, InternalApi.TaskLimits limits, InternalApi.NewTask... tasks) {
        return trySubmit(queue, limits, tasks).as(ConsoleApi.Tasks.class).items();
    }

    Wire.Answer trySubmit(Queue queue, InternalApi.TaskLimits limits, InternalApi.NewTask... tasks) {
        InternalApi.NewTasks all = new InternalApi.NewTasks(
                queue.workspace(),
                queue.id(),
                queue.revision(),
                queue.name(),
                limits,
                output,
                ACTOR,
                false,
                List.of(tasks));
        return keeper.send("POST", "/internal/v1/tasks", all, null);
    }

    static InternalApi.NewTask task(String subQueue, int weight, String payload, @Nullable String idempotencyKey) {
        return new InternalApi.NewTask(
                subQueue, weight, "test", Json.readTree(payload.getBytes(StandardCharsets.UTF_8)), idempotencyKey);
    }

    static InternalApi.TaskLimits limits(int maxRetry) {
        return new InternalApi.TaskLimits(maxRetry, 0, 0, 0, 0);
    }

    ConsoleApi.Task task(Queue queue, String id, int waitSecs) {
        return keeper.send(
                        "GET",
                        "/internal/v1/tasks/" + id + "?workspaceId=" + queue.workspace() + "&wait=" + waitSecs,
                        null,
                        null)
                .as(ConsoleApi.Task.class);
    }

    ConsoleApi.Task cancel(Queue queue, String id) {
        return keeper.send(
                        "POST",
                        "/internal/v1/tasks/" + id + "/cancel",
                        new InternalApi.Asked(queue.workspace(), ACTOR),
                        null)
                .as(ConsoleApi.Task.class);
    }

    ConsoleApi.Runner revoke(String workspace, String runner) {
        return keeper.send(
                        "POST",
                        "/internal/v1/runners/" + runner + "/revoke",
                        new InternalApi.Asked(workspace, ACTOR),
                        null)
                .as(ConsoleApi.Runner.class);
    }

    List<ConsoleApi.AuditEvent> audit(String workspace) {
        AuditEvents events = keeper.send(
                        "GET", "/internal/v1/audit?workspaceId=" + workspace + "&limit=1000", null, null)
                .as(AuditEvents.class);
        return events.items();
    }

    private record AuditEvents(List<ConsoleApi.AuditEvent> items) {}

    /** Writes into the console's tables. */
    void sql(String statement, @Nullable Object... values) {
        committer.commit(transaction -> execute(transaction.handle(), statement, values));
    }

    private static int execute(Handle handle, String statement, @Nullable Object... values) {
        return handle.execute(statement, Arrays.copyOf(values, values.length));
    }

    private static String json(Deployment deployment) {
        return new String(Json.write(deployment.toMap()), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        keeper.close();
        mac.close();
        committer.close();
        database.close();
    }
}
