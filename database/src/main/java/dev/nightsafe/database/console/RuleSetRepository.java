package dev.nightsafe.database.console;

import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.queue.Disclosure;
import dev.nightsafe.core.release.VaultFloor;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Version, floor and HMAC of each vault's release rules. */
public final class RuleSetRepository {
    private static final byte[] NONE = {};

    private RuleSetRepository() {}

    /** A vault's version. */
    public record Version(String workspaceId, String vaultId, long version) {}

    private record Head(long version, String floor, byte[] mac) {}

    /** The rules, oldest first, with version and HMAC; version 0 when nothing was ever written. */
    public static StoredRules read(Handle handle, String workspaceId, String vaultId) {
        Head head = handle.createQuery("SELECT version, floor, mac FROM rule_set WHERE vault_id = :vault")
                .bind("vault", vaultId)
                .mapTo(Head.class)
                .findOne()
                .orElse(new Head(0, Disclosure.word(VaultFloor.LOWEST), NONE));
        List<ReleaseRuleRow> rows = ReleaseRuleRepository.ofVault(handle, vaultId);
        return new StoredRules(workspaceId, vaultId, head.version(), VaultFloor.of(head.floor()), head.mac(), rows);
    }

    /** As {@link #read}, and no other console changes them before this transaction ends. */
    public static StoredRules hold(Handle handle, String workspaceId, String vaultId) {
        handle.createUpdate("""
                        INSERT INTO rule_set (vault_id, version, floor, mac) VALUES (:vault, 0, :floor, :none)
                        ON CONFLICT (vault_id) DO UPDATE SET version = rule_set.version""")
                .bind("vault", vaultId)
                .bind("floor", Disclosure.word(VaultFloor.LOWEST))
                .bind("none", NONE)
                .execute();
        return read(handle, workspaceId, vaultId);
    }

    /** What was held becomes this version. */
    public static void put(Handle handle, String vaultId, long version, Deployment.As floor, byte[] mac) {
        handle.createUpdate(
                        "UPDATE rule_set SET version = :version, floor = :floor, mac = :mac WHERE vault_id = :vault")
                .bind("vault", vaultId)
                .bind("version", version)
                .bind("floor", Disclosure.word(floor))
                .bind("mac", mac)
                .execute();
    }

    /** Versions above {@code after}. */
    public static List<Version> newer(Handle handle, long after) {
        return handle.createQuery("""
                        SELECT v.workspace_id, s.vault_id, s.version FROM rule_set s JOIN vault v ON v.id = s.vault_id
                        WHERE s.version > :after""").bind("after", after).mapTo(Version.class).list();
    }
}
