package dev.nightsafe.cli.fake;

import dev.nightsafe.core.sealing.DepositBinding;
import dev.nightsafe.core.sealing.OpeningKey;
import dev.nightsafe.core.sealing.Sealing;
import dev.nightsafe.core.sealing.Suite;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A vault that, unlike the real console's, can open what is put in. */
public final class FakeVault {
    static final String WORKSPACE_ID = "workspace-1";

    final String id;
    final String name;
    final String description;
    final OpeningKey key = OpeningKey.generate(Suite.X_WING);
    final Map<String, ConsoleApi.Deposit> deposits = new TreeMap<>();
    final Map<String, Long> versions = new LinkedHashMap<>();
    final List<ConsoleApi.ReleaseRule> rules = new ArrayList<>();
    /** Of each key that isn't unset, the newest first. */
    final Map<String, List<ConsoleApi.SecretVersion>> history = new TreeMap<>();

    /** Of its lock. */
    public long serial = 1;

    /** Null until it is asked for. */
    ConsoleApi.@Nullable Rekey rekey;

    ConsoleApi.Keeping keeping;
    String floor = "env";

    FakeVault(String id, ConsoleApi.NewVault wanted) {
        this.id = id;
        this.name = wanted.name();
        this.description = wanted.description() == null ? "" : wanted.description();
        this.keeping = new ConsoleApi.Keeping(
                wanted.keepVersions() == null ? 10 : wanted.keepVersions(),
                wanted.keepDays() == null ? 0 : wanted.keepDays());
    }

    /** Adds a current version. */
    void deposited(String key, long version, boolean secret) {
        List<ConsoleApi.SecretVersion> all = history.computeIfAbsent(key, _ -> new ArrayList<>());
        all.replaceAll(old -> old.state().equals("current") ? in("kept", old) : old);
        all.addFirst(new ConsoleApi.SecretVersion(
                version, "current", secret, FakeConsole.TIME, "token:t-1", FakeConsole.TIME));
    }

    static ConsoleApi.SecretVersion in(String state, ConsoleApi.SecretVersion version) {
        return new ConsoleApi.SecretVersion(
                version.version(),
                state,
                version.secret(),
                version.depositedAt(),
                version.depositedBy(),
                FakeConsole.TIME);
    }

    /** The value that a key holds now. */
    public byte[] open(String secretKey) {
        ConsoleApi.Deposit deposit = deposits.get(secretKey);
        if (deposit == null) {
            throw new AssertionError("nothing was deposited as " + secretKey);
        }
        DepositBinding binding = new DepositBinding(WORKSPACE_ID, id, secretKey, deposit.version(), deposit.secret());
        try (SecretBytes value = Sealing.open(key, binding, Base64.getDecoder().decode(deposit.box()))) {
            return value.exposing(byte[]::clone);
        }
    }

    public ConsoleApi.@Nullable Deposit deposit(String secretKey) {
        return deposits.get(secretKey);
    }

    long nextVersion(String secretKey) {
        return versions.getOrDefault(secretKey, 0L) + 1;
    }

    ConsoleApi.VaultSummary summary() {
        return new ConsoleApi.VaultSummary(
                id, name, description, "platform", deposits.size(), reminders(), FakeConsole.TIME, FakeConsole.TIME);
    }

    /** At a fixed time, so that transcripts stay as they are. */
    private static ConsoleApi.Terms terms(ConsoleApi.Deposit deposit) {
        String expires = deposit.expires();
        Integer days = deposit.rotateEveryDays();
        return new ConsoleApi.Terms(
                expires,
                days == null || days == 0 ? null : days,
                expires != null && expires.compareTo(FakeConsole.TIME) <= 0 ? "expired" : null);
    }

    private int reminders() {
        return (int) deposits.values().stream()
                .filter(deposit -> terms(deposit).reminder() != null)
                .count();
    }

    ConsoleApi.Vault shown(List<String> queues) {
        List<ConsoleApi.Entry> entries = new ArrayList<>();
        deposits.forEach((secretKey, deposit) -> entries.add(
                deposit.secret()
                        ? new ConsoleApi.SecretEntry(
                                secretKey, deposit.version(), FakeConsole.TIME, "token:t-1", terms(deposit))
                        : new ConsoleApi.PlainEntry(
                                secretKey,
                                deposit.version(),
                                FakeConsole.TIME,
                                "token:t-1",
                                terms(deposit),
                                String.valueOf(deposit.plainValue()))));
        return new ConsoleApi.Vault(
                id,
                WORKSPACE_ID,
                name,
                description,
                "platform",
                keeping,
                floor,
                FakeConsole.TIME,
                FakeConsole.TIME,
                rekey,
                entries,
                List.copyOf(rules),
                queues);
    }
}
