package dev.nightsafe.runner.isolation;

import dev.nightsafe.core.keys.KeyFile;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.runner.local.PrivateFiles;
import dev.nightsafe.runner.process.LaunchFrame;
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
    public Cell cell(Path area, Tenant tenant, List<Path> readable, List<Path> writable) {
        Cell inner = user == null
                ? PlainCell.create(area, area.resolve("no-secrets"), writable)
                : user.cell(area, tenant, readable, writable);
        List<Path> own = new ArrayList<>(writable);
        own.add(Path.of(inner.home()));
        own.add(Path.of(inner.temporary()));
        List<String> wrapper = new ArrayList<>(user == null ? List.of() : inner.wrapper());
        wrapper.addAll(sandbox.command(visible(area, tenant, readable), own));
        return new Namespace(List.copyOf(wrapper), inner);
    }

    private List<Path> visible(Path area, Tenant tenant, List<Path> readable) {
        List<Path> visible = new ArrayList<>(readable);
        if (tenant != Tenant.WORKER) {
            visible.addAll(sandbox.forSetup());
        }
        if (tenant == Tenant.GIT) {
            visible.addAll(support(area));
        }
        return visible;
    }

    @Override
    public void seal(Path area, Path folder) {
        if (user != null) {
            user.seal(area, folder);
        } // else: no later cell has the folder where it may write
    }

    @Override
    public void discard(Path folder) {
        if (user != null) {
            user.discard(folder);
        } else {
            PrivateFiles.delete(folder);
        }
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

    private record Namespace(List<String> wrapper, Cell inner) implements Cell {
        @Override
        public void open(LaunchFrame frame) {
            // bubblewrap ends with the runner, and its processes with it.
        }

        @Override
        public String home() {
            return inner.home();
        }

        @Override
        public String temporary() {
            return inner.temporary();
        }

        @Override
        public String secrets() {
            return SECRETS;
        }

        @Override
        public List<String> beside() {
            return inner.beside();
        }

        /** By the root folder of a process inside, which its owner may enter and in which nobody inside can mount anything. */
        @Override
        public void reach(LaunchFrame frame, Process running) {
            long inside = running.children()
                    .findFirst()
                    .map(ProcessHandle::pid)
                    .orElseThrow(() -> new NightsafeException(ProblemCode.INTERNAL, "the worker has ended"));
            inner.open(frame);
            frame.childOf(inside, running.pid());
            frame.replaceIn("/proc/" + inside + "/root", SECRETS);
        }

        @Override
        public boolean isParent() {
            return true;
        }

        @Override
        public void close() {
            inner.close();
        }
    }
}
