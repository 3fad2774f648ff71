package dev.nightsafe.runner.isolation;

import dev.nightsafe.core.keys.KeyFile;
import dev.nightsafe.runner.local.PrivateFiles;
import dev.nightsafe.runner.process.LaunchFrame;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code namespace}: by bubblewrap, each worker has its own file system (the system's folders read-only, its code, its
 * environment, its own folder), its own processes, IPC and host name; files with secrets are in a file system in memory
 * that only it has. Where the runner is root, it has a user of its own as well, and capabilities in neither.
 */
public final class OwnNamespace implements Isolation {
    private static final String SECRETS = "/run/nightsafe";

    private final @Nullable OwnUser user;
    private final Sandbox sandbox;

    /** @param user where the runner is root, else null */
    OwnNamespace(@Nullable OwnUser user, Sandbox sandbox) {
        this.user = user;
        this.sandbox = sandbox;
    }

    /** Why there can't be this isolation here; empty when there can. */
    static Optional<String> problem(List<String> before, Sandbox sandbox, Path python) {
        if (!Probe.succeeds(List.of("bwrap", "--version"))) {
            return Optional.of("bubblewrap isn't installed");
        }
        List<String> command = new ArrayList<>(before);
        command.addAll(sandbox.command(List.of(), List.of()));
        command.addAll(List.of(python.toString(), "-I", "-S", "-c", "pass"));
        return Probe.succeeds(command)
                ? Optional.empty()
                : Optional.of("the kernel, or a container around this, doesn't let bubblewrap make user namespaces"
                        + " (try `bwrap --unshare-user --ro-bind / / true`)");
    }

    @Override
    public String name() {
        return "namespace";
    }

    @Override
    public boolean keepsFromMetadata() {
        return user != null && user.keepsFromMetadata();
    }

    @Override
    public Path workersFolder(Path wanted) {
        return user == null ? KeyFile.folder(wanted) : user.workersFolder(wanted);
    }

    @Override
    public Cell cell(Path area, int tenant, List<Path> readable, List<Path> writable) {
        OwnUser.@Nullable UserCell owner = user == null ? null : user.cell(area, tenant, readable, writable);
        Path home = area.resolve("home-" + tenant);
        Path temporary = area.resolve("tmp-" + tenant);
        if (owner == null) {
            writable.forEach(KeyFile::folder);
            KeyFile.folder(home);
            PrivateFiles.delete(temporary);
            KeyFile.folder(temporary);
        }
        List<Path> visible = new ArrayList<>(readable);
        if (tenant == 0) {
            visible.addAll(sandbox.forSetup());
            visible.addAll(support(area));
        }
        List<Path> own = new ArrayList<>(writable);
        own.add(home);
        own.add(temporary);
        List<String> wrapper = new ArrayList<>(owner == null ? List.of() : owner.wrapper());
        wrapper.addAll(sandbox.command(visible, own));
        return new Namespace(List.copyOf(wrapper), owner, home, temporary);
    }

    /** What the runner itself put into the area for git. */
    private static List<Path> support(Path area) {
        return List.of(area.resolve("askpass"), area.resolve("gitconfig"));
    }

    @Override
    public void close() {
        if (user != null) {
            user.close();
        }
    }

    private record Namespace(
            List<String> wrapper, OwnUser.@Nullable UserCell owner, Path homeFolder, Path temporaryFolder)
            implements Cell {
        @Override
        public void open(LaunchFrame frame) {
            // bubblewrap ends with the runner, and its processes with it.
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
            return SECRETS;
        }

        @Override
        public boolean isParent() {
            return true;
        }

        @Override
        public void close() {
            if (owner != null) {
                owner.close();
            } else if (Files.exists(temporaryFolder)) {
                PrivateFiles.delete(temporaryFolder);
            }
        }
    }
}
