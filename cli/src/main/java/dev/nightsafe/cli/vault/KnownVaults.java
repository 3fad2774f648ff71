package dev.nightsafe.cli.vault;

import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.ExitCode;
import dev.nightsafe.cli.platform.Session;
import dev.nightsafe.cli.platform.Terminal;
import dev.nightsafe.core.keys.KeyFile;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which vault a name meant when a value first went there from this data folder, and the newest lock that it had since. A
 * lock's certificate names the vault by its id, which people don't know, and has no end; so a console that was taken over
 * could hand out the certified lock of another vault, or one that was replaced because its key leaked. Kept in
 * {@code cli/known-vaults}, one line a vault: root, {@code workspace/vault}, their ids, the highest serial of its locks.
 */
public final class KnownVaults {
    private static final Set<OpenOption> LOCK_OPTIONS = Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    private static final FileAttribute<Set<PosixFilePermission>> OWNERS_ALONE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Terminal terminal;
    private final Path home;
    private final String root;
    private final String workspace;

    /** @param root fingerprint of the pinned root: another keeper's vaults are others */
    public KnownVaults(Terminal terminal, Path home, String root, String workspace) {
        this.terminal = terminal;
        this.home = home;
        this.root = root;
        this.workspace = workspace;
    }

    static KnownVaults of(Session session) {
        return new KnownVaults(session.terminal(), session.home(), session.pinnedRoot(), session.workspace());
    }

    /**
     * Remembers the first vault and its newest lock; throws when {@code offered}, whose certificate was checked, is another
     * vault or an older lock.
     */
    void require(String vault, ConsoleApi.LockForDeposit offered) {
        if (isNews(vault, offered)) {
            alone(() -> {
                // Another command may have been faster.
                if (isNews(vault, offered)) {
                    write(vault, line(vault, offered.workspaceId(), offered.vaultId()) + offered.serial());
                }
            });
        }
    }

    private boolean isNews(String vault, ConsoleApi.LockForDeposit offered) {
        Optional<String> before =
                lines().stream().filter(each -> isOf(each, vault)).findFirst();
        if (before.isPresent() && !before.get().startsWith(line(vault, offered.workspaceId(), offered.vaultId()))) {
            throw new CliException(
                    ExitCode.NOT_ALLOWED,
                    "vault '" + vault + "' is another one than values from here went to before; nothing was sealed",
                    "if it was deleted and made anew, remove its line from " + file() + "; if not, the console may have"
                            + " been taken over: tell whoever runs it");
        }
        long newest = before.map(this::serial).orElse(0L);
        if (offered.serial() < newest) {
            throw new CliException(
                    ExitCode.NOT_ALLOWED,
                    "the console offers an older lock of vault '" + vault
                            + "' than one that values from here were sealed to before; nothing was sealed",
                    "that lock was replaced, maybe because its key leaked. Unless a backup was restored, the console or its"
                            + " database may have been taken over: tell whoever runs it");
        }
        return before.isEmpty() || offered.serial() > newest;
    }

    /**
     * A vault that was made from here just now; what had its name before is gone.
     *
     * @param name as it was asked for: by another one a console could have the vault of that name forgotten
     */
    void made(String name, ConsoleApi.Vault vault) {
        alone(() -> write(name, line(name, vault.workspaceId(), vault.id()) + 0));
    }

    /**
     * Keeps other threads and processes from writing meanwhile. Where nothing can be kept, as in some pipelines, a deposit
     * is still made.
     */
    private void alone(Runnable writing) {
        synchronized (KnownVaults.class) {
            try {
                KeyFile.folder(home);
                KeyFile.folder(home.resolve("cli"));
                try (FileChannel channel =
                                FileChannel.open(home.resolve("cli/known-vaults.lock"), LOCK_OPTIONS, OWNERS_ALONE);
                        FileLock held = channel.lock()) {
                    writing.run();
                }
            } catch (NightsafeException | IOException e) {
                terminal.warn("which vault this was can't be remembered: " + e.getMessage());
            }
        }
    }

    private long serial(String line) {
        try {
            return Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
        } catch (NumberFormatException e) {
            throw new CliException(
                    ExitCode.FAILED,
                    file() + " is damaged; nothing was sealed",
                    "bring it back, or remove the vault's line",
                    e);
        }
    }

    private boolean isOf(String line, String vault) {
        return line.startsWith(root + " " + workspace + "/" + vault + " ");
    }

    private String line(String vault, String workspaceId, String vaultId) {
        return root + " " + workspace + "/" + vault + " " + workspaceId + "/" + vaultId + " ";
    }

    private Path file() {
        return home.resolve("cli/known-vaults");
    }

    private List<String> lines() {
        try {
            return Files.isRegularFile(file()) ? Files.readAllLines(file()) : List.of();
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILED, "can't read " + file(), "check who owns it", e);
        }
    }

    private void write(String vault, String line) {
        Stream<String> others = lines().stream().filter(each -> !isOf(each, vault));
        String all = Stream.concat(others, Stream.of(line)).collect(Collectors.joining("\n", "", "\n"));
        KeyFile.write(file(), all.getBytes(StandardCharsets.UTF_8));
    }
}
