package dev.nightsafe.runner.isolation;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.signing.Digests;
import dev.nightsafe.runner.local.PrivateFiles;
import dev.nightsafe.runner.process.LaunchFrame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * {@code user}: the runner is root, and each start of a worker or of a setup, and each queue's git, has a user id of its
 * own, by {@code setpriv}, without capabilities and any way to gain them. What is the runner's or another's has another
 * owner. Whatever a cell's processes leave running ends with the cell.
 */
public final class OwnUser implements Isolation {
    private static final Path SHARED = Path.of("/var/lib/nightsafe-runner");

    private static final int TRIES = 1000;

    private final Path folder;
    private final UserIds ids;
    private final SecretFolders secretFolders;
    private final MetadataRules metadata;
    private final Reaper reaper;

    OwnUser(Path folder, Path python) {
        this.folder = folder;
        this.ids = new UserIds(folder, UserIds.mapped(read(Path.of("/proc/self/uid_map"))));
        this.secretFolders = new SecretFolders(folder).passable();
        this.metadata = new MetadataRules(ids.first(), ids.last());
        this.reaper = new Reaper(python);
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
    public UserCell cell(Path area, Tenant tenant, List<Path> readable, List<Path> writable) {
        int group = ids.queue(area.getFileName().toString());
        int fresh = unused();
        int user = tenant == Tenant.GIT ? group : fresh;
        if (user == group) {
            end(reaper, user, fresh + 1);
        }
        Ownership.give(area, 0, group, "rwx--x---");
        readable.stream().filter(path -> !path.startsWith(area)).forEach(Ownership::requireReadable);
        for (Path path : writable) {
            if (Ownership.isAnothers(path, user)) {
                discard(path);
            }
            Ownership.give(path, user, group, "rwxr-x---");
        }
        Path folder = area.resolve(Cell.PREFIX + fresh);
        discard(folder);
        Ownership.give(folder, 0, group, "rwx--x---");
        Ownership.give(folder.resolve("home"), user, group, "rwx------");
        Ownership.give(folder.resolve("tmp"), user, group, "rwx------");
        Path secrets = Ownership.give(secretFolders.create(), user, group, "rwx------");
        return new UserCell(reaper, user, group, fresh + 1, folder, secrets);
    }

    @Override
    public void seal(Path area, Path folder) {
        Ownership.seal(folder, ids.queue(area.getFileName().toString()));
    }

    @Override
    public void discard(Path folder) {
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            int owner = Ownership.user(folder);
            int user = owner == 0 ? Ownership.user(folder.resolve("home")) : owner;
            if (ids.isFresh(user)) {
                end(reaper, user, unused()); // what a killed runner's cell left may still write here
            }
            PrivateFiles.delete(folder);
        }
    }

    /** The first of two ids that no process has. */
    private int unused() {
        for (int i = 0; i < TRIES; i++) {
            int id = ids.fresh();
            if (Reaper.processes(id).isEmpty()) {
                return id;
            }
        }
        throw new IllegalStateException("all user ids for workers are in use by processes that don't end");
    }

    @Override
    public void close() {
        metadata.close();
        secretFolders.close();
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

    private static void end(Reaper reaper, int user, int own) {
        if (!reaper.end(user, own)) {
            throw new NightsafeException(
                    ProblemCode.INTERNAL,
                    "processes of user " + user
                            + ", which a worker or its setup left, don't end; end them (pkill -KILL -U " + user
                            + ") or restart this machine");
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("can't read " + file, e);
        }
    }

    /** A cell of one user. */
    record UserCell(Reaper reaper, int user, int group, int unused, Path folder, Path secretsFolder) implements Cell {
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
            return folder.resolve("home").toString();
        }

        @Override
        public String temporary() {
            return folder.resolve("tmp").toString();
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
            end(reaper, user, unused); // first: nobody changes what is deleted while it is deleted
            PrivateFiles.delete(secretsFolder);
            PrivateFiles.delete(folder);
        }
    }
}
