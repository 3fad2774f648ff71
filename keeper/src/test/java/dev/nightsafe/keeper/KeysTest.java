package dev.nightsafe.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightsafe.core.address.Ids;
import dev.nightsafe.core.keys.MasterKeyRing;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.sealing.Lock;
import dev.nightsafe.core.sealing.LockCertificate;
import dev.nightsafe.core.sealing.Suite;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.keeper.keys.WrongMasterKey;
import dev.nightsafe.protocol.internal.InternalApi;
import dev.nightsafe.protocol.keeper.KeeperApi;
import dev.nightsafe.protocol.local.LocalApi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysTest extends KeeperLifeCase {
    @BeforeEach
    void inNewFolder(@TempDir Path folder) {
        home = folder;
    }

    @AfterEach
    void stopWhatRuns() {
        stop();
    }

    @Test
    void a_lock_is_certified_by_the_root_for_its_vault() {
        start(Map.of());
        InternalApi.Lock made = lock("v1");
        Lock lock = new Lock(Suite.of(made.suite()), Base64.getDecoder().decode(made.publicKey()));
        Ed25519.PublicKey root = new Ed25519.PublicKey(Base64.getDecoder().decode(made.rootKey()));
        assertThat(lock.id()).isEqualTo(made.lock());
        assertThat(root.fingerprint()).isEqualTo(keeper.rootFingerprint());
        LockCertificate.require(
                root, "w1", "v1", lock, made.serial(), Base64.getDecoder().decode(made.certificate()));
    }

    @Test
    void a_further_lock_is_made_once_for_what_it_is_for_with_a_higher_serial() {
        start(Map.of());
        InternalApi.Lock first = lock("v1");
        InternalApi.Lock second = lock("v1", "rekey-1");
        assertThat(second.lock()).isNotEqualTo(first.lock());
        assertThat(second.serial()).isGreaterThan(first.serial());
        assertThat(lock("v1")).isEqualTo(first);
        assertThat(lock("v1", "rekey-1")).isEqualTo(second);
        assertThat(lock("v1", "rekey-2").serial()).isGreaterThan(second.serial());
        console.keeper()
                .send("POST", "/internal/v1/locks", new InternalApi.NewLock("w1", "v2", "a", "rekey-1"), null)
                .refusedWith(ProblemCode.BAD_REQUEST);
    }

    @Test
    void making_a_lock_is_audited_once_with_lock_and_serial() {
        start(Map.of());
        InternalApi.Lock made = lock("v1", "rekey-1");
        lock("v1", "rekey-1");
        assertThat(console.audit("w1")).singleElement().satisfies(event -> {
            assertThat(event.action()).isEqualTo("lock.make");
            assertThat(event.actor()).isEqualTo("a");
            assertThat(event.object()).isEqualTo("vault:v1");
            assertThat(event.details())
                    .containsEntry("lock", made.lock())
                    .containsEntry("serial", Long.toString(made.serial()));
        });
    }

    @Test
    void a_key_whose_serial_somebody_altered_opens_and_certifies_nothing() throws SQLException {
        start(Map.of());
        lock("v1", "rekey-1");
        try (Connection keys = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("keeper/keys.db"))) {
            keys.createStatement().executeUpdate("UPDATE opening_key SET serial = serial + 1");
        }
        console.keeper()
                .send("POST", "/internal/v1/locks", new InternalApi.NewLock("w1", "v1", "a", "rekey-1"), null)
                .refusedWith(ProblemCode.SECRET_UNREADABLE);
    }

    @Test
    void without_a_master_key_everything_starts_and_vaults_are_disabled_with_a_reason() {
        start(Map.of("NIGHTSAFE_KEEPER_MASTER_KEYS", ""));
        assertThat(status().vaultsEnabled()).isFalse();
        assertThat(status().reason()).contains("no master key");
        assertThat(console.keeper()
                        .send("POST", "/internal/v1/locks", new InternalApi.NewLock("w1", "v1", "a", null), null)
                        .refusedWith(ProblemCode.VAULTS_NOT_CONFIGURED))
                .startsWith("vaults not configured");
        assertThat(wire.send("GET", "/v1/health", null, null).status()).isEqualTo(200);
    }

    @Test
    void a_malformed_master_key_disables_vaults_and_is_not_repeated() throws IOException {
        for (String malformed : new String[] {"not-base64!", "AAAA", "c2hvcnQ=", "A".repeat(44)}) {
            start(Map.of("NIGHTSAFE_MASTER_KEY", malformed));
            assertThat(status().vaultsEnabled()).isFalse();
            assertThat(status().reason()).contains("32 bytes").doesNotContain(malformed);
            stop();
        }
        Path ring = home.resolve("broken.keys");
        Files.writeString(ring, "one two three\n");
        Files.setPosixFilePermissions(ring, PosixFilePermissions.fromString("rw-------"));
        start(Map.of("NIGHTSAFE_KEEPER_MASTER_KEYS", ring.toString()));
        assertThat(status().reason()).contains(ring.toString()).doesNotContain("two");
    }

    @Test
    void a_ring_file_that_others_may_read_disables_vaults() throws IOException {
        MasterKeyRing.addVersion(home.resolve("master.keys"));
        Files.setPosixFilePermissions(home.resolve("master.keys"), PosixFilePermissions.fromString("rw-r--r--"));
        start(Map.of());
        assertThat(status().reason()).contains("chmod 600");
    }

    @Test
    void a_wrong_key_stops_the_start() {
        start(Map.of());
        lock("v1");
        stop();
        assertThatThrownBy(() -> start(Map.of("NIGHTSAFE_MASTER_KEY", newKey())))
                .isInstanceOf(WrongMasterKey.class)
                .hasMessageContaining("not the one");
        Path other = home.resolve("other.keys");
        MasterKeyRing.addVersion(other);
        assertThatThrownBy(() -> start(Map.of("NIGHTSAFE_KEEPER_MASTER_KEYS", other.toString())))
                .isInstanceOf(WrongMasterKey.class);
        start(Map.of());
        assertThat(status().vaultsEnabled()).isTrue();
    }

    @Test
    void a_wrong_key_under_a_version_that_was_never_seen_stops_the_start_too() throws IOException {
        start(Map.of());
        lock("v1");
        stop();
        Path other = home.resolve("other.keys");
        Files.writeString(other, "7 " + newKey() + "\n");
        Files.setPosixFilePermissions(other, PosixFilePermissions.fromString("rw-------"));
        assertThatThrownBy(() -> start(Map.of("NIGHTSAFE_KEEPER_MASTER_KEYS", other.toString())))
                .isInstanceOf(WrongMasterKey.class);
    }

    @Test
    void the_variable_is_the_version_whose_canary_it_opens() {
        String key = newKey();
        start(Map.of("NIGHTSAFE_MASTER_KEY", key));
        assertThat(status().vaultsEnabled()).isTrue();
        stop();
        start(Map.of("NIGHTSAFE_MASTER_KEY", key + "\n"));
        assertThat(local(LocalApi.KEYS_STATUS).currentVersion()).isEqualTo(1);
        assertThat(local(LocalApi.KEYS_STATUS).source()).isEqualTo("environment");
    }

    @Test
    void both_sources_at_once_are_undecidable_and_disable_vaults() {
        start(Map.of(
                "NIGHTSAFE_MASTER_KEY",
                newKey(),
                "NIGHTSAFE_KEEPER_MASTER_KEYS",
                home.resolve("master.keys").toString()));
        assertThat(status().reason()).contains("unset one");
    }

    @Test
    void the_opening_key_of_a_deleted_vault_is_destroyed_and_of_no_other() {
        start(Map.of());
        ConsoleRole.Vault vault = console.vault(workspace, "v");
        console.vault(workspace, "other");
        erase(workspace, vault).refusedWith(ProblemCode.VAULT_IN_USE);
        console.delete(vault);
        assertThat(erase("another-workspace", vault).as(InternalApi.Count.class).count())
                .isZero();
        assertThat(erase(workspace, vault).as(InternalApi.Count.class).count()).isEqualTo(1);
        assertThat(erase(workspace, vault).as(InternalApi.Count.class).count()).isZero();
        assertThat(local(LocalApi.KEYS_STATUS).versions()).containsExactly(new LocalApi.MasterVersion(1, true, 1));
        assertThat(console.audit(workspace))
                .anyMatch(event ->
                        event.action().equals("vault.erase") && event.object().equals("vault:" + vault.id()));
    }

    private Wire.Answer erase(String ofWorkspace, ConsoleRole.Vault vault) {
        String path = "/internal/v1/vaults/" + vault.id() + "/erase";
        return console.keeper().send("POST", path, new InternalApi.Erase(ofWorkspace, "a"), null);
    }

    @Test
    void rotation_wraps_every_opening_key_under_the_new_version_and_values_still_open() throws IOException {
        start(Map.of());
        ConsoleRole.Vault vault = console.vault(workspace, "v");
        console.deposit(vault, "K", "before");
        for (int i = 0; i < 5; i++) {
            lock("v" + i);
        }
        assertThat(MasterKeyRing.addVersion(home.resolve("master.keys"))).isEqualTo(2);
        LocalApi.KeysStatus rotated = local(LocalApi.KEYS_ROTATE);
        assertThat(rotated.rewrapped()).isEqualTo(6);
        assertThat(rotated.currentVersion()).isEqualTo(2);
        assertThat(rotated.versions())
                .containsExactly(new LocalApi.MasterVersion(1, true, 0), new LocalApi.MasterVersion(2, true, 6));
        assertThat(local(LocalApi.KEYS_ROTATE).rewrapped()).isZero();
        ConsoleRole.Queue queue = console.queue(workspace, "q", deployment(vault));
        console.allow(vault, queue);
        RunnerRole runner = runner("r1", "q");
        assertThat(runner.values(runner.lease(), null)).containsExactly("v/K@1=before");

        String before = workspace;
        stop();
        Path ring = home.resolve("master.keys");
        String second = Files.readString(ring)
                .lines()
                .filter(line -> line.startsWith("2 "))
                .findFirst()
                .orElseThrow();
        Files.writeString(ring, second + "\n");
        start(Map.of());
        assertThat(status().vaultsEnabled()).isTrue();
        assertThat(local(LocalApi.KEYS_STATUS).versions())
                .containsExactly(new LocalApi.MasterVersion(1, false, 0), new LocalApi.MasterVersion(2, true, 6));
        workspace = before;
        RunnerRole another = runner("r2", "q");
        assertThat(another.values(another.lease(), null)).containsExactly("v/K@1=before");
    }

    @Test
    void rotating_is_audited_with_who_did_it() {
        start(Map.of());
        local(LocalApi.KEYS_ROTATE);
        assertThat(keeperRow("SELECT actor FROM audit_event WHERE action = 'keys.rotate'"))
                .contains("local:" + System.getProperty("user.name"));
    }

    @Test
    void grants_and_new_vaults_go_on_while_keys_are_rotated() throws Exception {
        start(Map.of());
        ConsoleRole.Vault vault = console.vault(workspace, "v");
        console.deposit(vault, "K", "value");
        ConsoleRole.Queue queue = console.queue(workspace, "q", deployment(vault));
        console.allow(vault, queue);
        for (int i = 0; i < 20; i++) {
            lock("v" + i);
        }
        RunnerRole runner = runner("r1", "q");
        KeeperApi.ServingLease lease = runner.lease();
        AtomicBoolean rotated = new AtomicBoolean();
        try (ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> asking = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                asking.add(others.submit(() -> {
                    int grants = 0;
                    while (!rotated.get() || grants == 0) {
                        console.deposit(console.vault(workspace, Ids.next()), "K", "deposited meanwhile");
                        assertThat(runner.values(lease, null)).containsExactly("v/K@1=value");
                        grants++;
                    }
                    return grants;
                }));
            }
            for (int version = 2; version <= 4; version++) {
                MasterKeyRing.addVersion(home.resolve("master.keys"));
                assertThat(local(LocalApi.KEYS_ROTATE).currentVersion()).isEqualTo(version);
            }
            rotated.set(true);
            for (Future<Integer> one : asking) {
                assertThat(one.get()).isPositive();
            }
        }
        local(LocalApi.KEYS_ROTATE);
        assertThat(local(LocalApi.KEYS_STATUS).versions().getLast().openingKeys())
                .isGreaterThan(24);
        assertThat(local(LocalApi.KEYS_STATUS).versions().subList(0, 3))
                .allMatch(version -> version.openingKeys() == 0);
    }

    @Test
    void a_rotation_with_an_unreadable_or_wrong_ring_changes_nothing() throws IOException {
        start(Map.of());
        lock("v1");
        Path ring = home.resolve("master.keys");
        String good = Files.readString(ring);
        Files.writeString(ring, "1 " + newKey() + "\n");
        assertThat(localProblem(LocalApi.KEYS_ROTATE)).contains("not the one");
        Files.writeString(ring, "damaged");
        assertThat(localProblem(LocalApi.KEYS_ROTATE)).contains("master.keys");
        Files.writeString(ring, good);
        assertThat(local(LocalApi.KEYS_STATUS).vaultsEnabled()).isTrue();
        lock("v2");
    }

    @Test
    void an_old_copy_of_the_ring_that_lacks_the_version_in_use_stops_the_start() throws IOException {
        start(Map.of());
        lock("v1");
        Path ring = home.resolve("master.keys");
        String old = Files.readString(ring);
        MasterKeyRing.addVersion(ring);
        assertThat(local(LocalApi.KEYS_ROTATE).rewrapped()).isEqualTo(1);
        stop();
        Files.writeString(ring, old);
        assertThatThrownBy(() -> start(Map.of()))
                .isInstanceOf(WrongMasterKey.class)
                .hasMessageContaining("no master key of version 2, under which 1 opening key is wrapped");
    }

    @Test
    void where_keys_were_made_under_a_master_key_the_reason_asks_for_it_and_for_no_new_one() throws IOException {
        start(Map.of());
        stop();
        Path ring = home.resolve("master.keys");
        Files.writeString(ring, "damaged");
        start(Map.of());
        assertThat(status().reason()).contains(ring.toString(), "version 1", "backup", "a new one opens none");
        stop();
        Path gone = home.resolve("gone.keys");
        start(Map.of("NIGHTSAFE_KEEPER_MASTER_KEYS", gone.toString()));
        assertThat(status().reason()).contains(gone + " does not exist", "version 1", "backup");
    }

    @Test
    void I7_a_keeper_that_lost_its_master_key_releases_nothing_but_tasks_go_on() {
        start(Map.of());
        ConsoleRole.Vault vault = console.vault(workspace, "v");
        console.deposit(vault, "K", "value");
        ConsoleRole.Queue queue = console.queue(workspace, "q", deployment(vault));
        console.allow(vault, queue);
        String before = workspace;
        stop();
        start(Map.of("NIGHTSAFE_KEEPER_MASTER_KEYS", ""));
        workspace = before;
        RunnerRole runner = runner("r1", "q");
        assertThat(runner.ask(runner.lease(), "worker", null).refusedWith(ProblemCode.VAULTS_NOT_CONFIGURED))
                .startsWith("vaults not configured");
        String task = console.submit(queue, "1").id();
        assertThat(runner.takeOne(runner.lease()).taskId()).isEqualTo(task);
    }

    @Test
    void the_root_stays_the_same_and_its_fingerprint_stands_in_a_file() throws IOException {
        start(Map.of());
        String fingerprint = keeper.rootFingerprint();
        assertThat(home.resolve("keeper/root.fingerprint")).hasContent(fingerprint);
        stop();
        start(Map.of());
        assertThat(keeper.rootFingerprint()).isEqualTo(fingerprint);
    }

    @Test
    void without_the_data_key_that_wraps_the_root_nothing_starts() throws IOException {
        start(Map.of());
        stop();
        Path file = home.resolve("keeper/data.keys");
        byte[] before = Files.readAllBytes(file);
        Files.delete(file);
        assertThatThrownBy(() -> start(Map.of()))
                .isInstanceOf(NightsafeException.class)
                .hasMessageContaining("data.keys");
        Files.write(file, before);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        start(Map.of());
    }

    @Test
    void all_key_files_are_their_owners_alone_and_survive_in_whole() throws IOException {
        start(Map.of());
        console.submit(console.queue(workspace, "q", deployment()), "1");
        for (String name : new String[] {"data.keys", "audit.key", "deposit.key", "link.key", "local.sock"}) {
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(home.resolve("keeper").resolve(name))))
                    .as(name)
                    .isEqualTo("rw-------");
        }
        assertThat(Files.readAllLines(home.resolve("keeper/data.keys")))
                .hasSize(3)
                .anyMatch(line -> line.startsWith("root "))
                .anyMatch(line -> line.startsWith("rows "))
                .anyMatch(line -> line.startsWith(workspace + " "));
    }

    private InternalApi.Lock lock(String vault) {
        return lock(vault, null);
    }

    private InternalApi.Lock lock(String vault, @Nullable String rekey) {
        return console.keeper()
                .send("POST", "/internal/v1/locks", new InternalApi.NewLock("w1", vault, "a", rekey), null)
                .as(InternalApi.Lock.class);
    }

    private InternalApi.Status status() {
        return console.keeper().send("GET", "/internal/v1/status", null, null).as(InternalApi.Status.class);
    }

    private static String newKey() {
        try (SecretBytes key = MasterKeyRing.newKey()) {
            return key.exposing(bytes -> new String(bytes, StandardCharsets.US_ASCII));
        }
    }

    private LocalApi.KeysStatus local(String op) {
        return Objects.requireNonNull(ask(op).keys());
    }

    private String localProblem(String op) {
        return Objects.requireNonNull(ask(op).problem()).detail();
    }

    private LocalApi.Answer ask(String op) {
        return LocalClient.ask(home, new LocalApi.Request(op, null, null, null)).answer();
    }
}
