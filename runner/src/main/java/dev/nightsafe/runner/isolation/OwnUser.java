package dev.nightsafe.runner.isolation;

import dev.nightsafe.core.signing.Digests;
import dev.nightsafe.runner.local.PrivateFiles;
import dev.nightsafe.runner.process.LaunchFrame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * {@code user}: the runner is root, and each worker, and each queue's setup, has a user id of its own, by
 * {@code setpriv}, without capabilities and any way to gain them. What is the runner's or another worker's has another
 * owner. Whatever a worker leaves running ends with it.
 */
public final class OwnUser implements Isolation {
    private static final Path SHARED = Path.of("/var/lib/nightsafe-runner");

    private final Path folder;
    private final UserIds ids;
    private final SecretFolders secretFolders;
    private final MetadataRules metadata;

    OwnUser(Path folder) {
        this.folder = folder;
        this.ids = new UserIds(folder, UserIds.mapped(read(Path.of("/proc/self/uid_map"))));
        this.secretFolders = new SecretFolders(folder).passable();
        this.metadata = new MetadataRules(ids.first(), ids.last());
    }

    /** Why there can't be this isolation here; empty when there can. */
    static Optional<String> problem(Path folder, Path python) {
        if (!isRoot()) {
            return Optional.of("only root can give each worker a user of its own");
        }
        if (!Probe.succeeds(List.of("setpriv", "--version"))) {
            return Optional.of("setpriv (util-linux) isn't installed");
        }
        List<String> command = new java.util.ArrayList<>(anyUser(folder));
        command.addAll(List.of(python.toString(), "-I", "-S", "-c", "pass"));
        return Probe.succeeds(command)
                ? Optional.empty()
                : Optional.of("other users than root can't run " + python
                        + "; name one in runner.yaml that they can (python:)");
    }

    /** What makes a command run as one of our users, to try it out. */
    static List<String> anyUser(Path folder) {
        int user = new UserIds(folder, UserIds.mapped(read(Path.of("/proc/self/uid_map")))).first();
        return setpriv(user, user);
    }

    static boolean isRoot() {
        return Probe.succeeds(List.of("sh", "-c", "[ \"$(id -u)\" = 0 ]"));
    }

    @Override
    public String name() {
        return "user";
    }

    @Override
    public boolean keepsFromMetadata() {
        return metadata.inForce();
    }

    @Override
    public Path workersFolder(Path wanted) {
        Path passable = wanted;
        if (Ownership.barrier(wanted.toAbsolutePath()).isPresent()) {
            Ownership.give(SHARED, 0, 0, "rwx--x--x");
            passable = SHARED.resolve(Digests.sha256Hex(folder.toString()).substring(0, 16));
        }
        return Ownership.give(passable, 0, 0, "rwx--x--x");
    }

    @Override
    public UserCell cell(Path area, int tenant, List<Path> readable, List<Path> writable) {
        if (tenant >= UserIds.BLOCK) {
            throw new IllegalArgumentException("at most " + (UserIds.BLOCK - 1) + " workers a queue");
        }
        int group = ids.block(area.getFileName().toString());
        int user = group + tenant;
        endAll(user, group);
        Ownership.give(area, 0, group, "rwx--x---");
        readable.stream().filter(path -> !path.startsWith(area)).forEach(Ownership::requireReadable);
        writable.forEach(path -> Ownership.give(path, user, group, "rwxr-x---"));
        Path home = Ownership.give(area.resolve("home-" + tenant), user, group, "rwx------");
        Path temporary = area.resolve("tmp-" + tenant);
        PrivateFiles.delete(temporary);
        Ownership.give(temporary, user, group, "rwx------");
        Path secrets = Ownership.give(secretFolders.create(), user, group, "rwx------");
        return new UserCell(user, group, home, temporary, secrets);
    }

    @Override
    public void close() {
        metadata.close();
    }

    private static List<String> setpriv(int user, int group) {
        return List.of(
                "setpriv",
                "--reuid=" + user,
                "--regid=" + group,
                "--clear-groups",
                "--inh-caps=-all",
                "--bounding-set=-all",
                "--no-new-privs",
                "--pdeathsig=KILL",
                "--");
    }

    /** Ends every process of this user: what a worker started outlives it otherwise. */
    private static void endAll(int user, int group) {
        List<String> command = new java.util.ArrayList<>(setpriv(user, group));
        command.addAll(List.of("sh", "-c", "[ \"$(id -u)\" = " + user + " ] && kill -KILL -1"));
        Probe.succeeds(command);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("can't read " + file, e);
        }
    }

    /** A cell of one user. */
    record UserCell(int user, int group, Path homeFolder, Path temporaryFolder, Path secretsFolder) implements Cell {
        @Override
        public List<String> wrapper() {
            return setpriv(user, group);
        }

        @Override
        public void open(LaunchFrame frame) {
            frame.diesWith(ProcessHandle.current().pid());
        }

        @Override
        public String home() {
            return homeFolder.toString();
        }

        @Override
        public String temporary() {
            return temporaryFolder.toString();
        }

        @Override
        public String secrets() {
            return secretsFolder.toString();
        }

        @Override
        public boolean isParent() {
            return false;
        }

        @Override
        public void close() {
            endAll(user, group);
            PrivateFiles.delete(secretsFolder);
            PrivateFiles.delete(temporaryFolder);
        }
    }
}
