package dev.nightsafe.runner.isolation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The bubblewrap command: what of the machine can be seen in a worker's file system. */
final class Sandbox {
    private static final List<String> SYSTEM = List.of("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32");

    /** Names, certificates, time and the loader's cache; no passwords, no keys. */
    private static final List<String> SETTINGS = List.of(
            "alternatives",
            "ca-certificates",
            "crypto-policies",
            "gai.conf",
            "group",
            "host.conf",
            "hosts",
            "ld.so.cache",
            "ld.so.conf",
            "ld.so.conf.d",
            "localtime",
            "mime.types",
            "nsswitch.conf",
            "passwd",
            "pip.conf",
            "pki",
            "protocols",
            "resolv.conf",
            "services",
            "ssl",
            "timezone");

    private static final List<String> PATHS = List.of(
            "SSL_CERT_FILE",
            "SSL_CERT_DIR",
            "REQUESTS_CA_BUNDLE",
            "CURL_CA_BUNDLE",
            "NODE_EXTRA_CA_CERTS",
            "GIT_SSL_CAINFO");

    private static final List<String> SETUP_PATHS = List.of("PIP_CERT", "PIP_FIND_LINKS", "UV_FIND_LINKS");

    private final Map<String, String> environment;
    private final List<Path> programs;
    private final boolean canDisableNesting;

    /**
     * @param environment the runner's, which may name certificates and package folders
     * @param programs folders outside of {@code /usr} that Python needs
     */
    Sandbox(Map<String, String> environment, List<Path> programs) {
        this.environment = Map.copyOf(environment);
        this.programs = List.copyOf(programs);
        this.canDisableNesting = Probe.succeeds(List.of(
                "bwrap", "--unshare-user", "--disable-userns", "--ro-bind", "/", "/", "--dev", "/dev", "/bin/true"));
    }

    /** What setup may read besides: where packages come from. */
    List<Path> forSetup() {
        List<Path> readable = new ArrayList<>(paths(SETUP_PATHS));
        readable.add(Path.of("/opt"));
        return readable;
    }

    /** The command, to be followed by another. */
    List<String> command(List<Path> readable, List<Path> writable) {
        List<String> command = new ArrayList<>(List.of(
                "bwrap",
                "--unshare-user",
                "--unshare-pid",
                "--unshare-ipc",
                "--unshare-uts",
                "--unshare-cgroup-try",
                "--die-with-parent",
                "--new-session",
                "--hostname",
                "worker",
                "--cap-drop",
                "ALL"));
        if (canDisableNesting) {
            command.add("--disable-userns");
        }
        addSystem(command);
        command.addAll(List.of("--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--tmpfs", "/run"));
        command.addAll(List.of("--perms", "0700", "--dir", "/run/nightsafe"));
        addResolver(command);
        Set<Path> seen = new LinkedHashSet<>(programs);
        seen.addAll(paths(PATHS));
        seen.addAll(readable);
        seen.stream().filter(Sandbox::isElsewhere).forEach(path -> add(command, "--ro-bind-try", path));
        writable.forEach(path -> add(command, "--bind", path));
        command.addAll(List.of("--remount-ro", "/", "--chdir", "/", "--"));
        return command;
    }

    private static void addSystem(List<String> command) {
        command.addAll(List.of("--ro-bind", "/usr", "/usr"));
        for (String folder : SYSTEM) {
            Path path = Path.of(folder);
            if (Files.isSymbolicLink(path)) {
                command.addAll(List.of("--symlink", target(path), folder));
            } else if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                add(command, "--ro-bind", path);
            }
        }
        for (String name : SETTINGS) {
            add(command, "--ro-bind-try", Path.of("/etc", name));
        }
    }

    /** Where resolv.conf is a link into /run, which the worker has its own of. */
    private static void addResolver(List<String> command) {
        try {
            Path real = Path.of("/etc/resolv.conf").toRealPath();
            if (real.startsWith("/run")) {
                add(command, "--ro-bind-try", real);
            }
        } catch (IOException e) {
            // A machine without a resolver.
        }
    }

    private List<Path> paths(List<String> variables) {
        return variables.stream()
                .map(name -> environment.getOrDefault(name, ""))
                .flatMap(value -> Stream.of(value.split("[ :]", -1)))
                .filter(value -> value.startsWith("/"))
                .map(Path::of)
                .filter(Files::exists)
                .toList();
    }

    private static boolean isElsewhere(Path path) {
        return !path.startsWith("/usr") && !path.startsWith("/etc/ssl") && !path.startsWith("/proc");
    }

    private static void add(List<String> command, String option, Path path) {
        command.addAll(List.of(option, path.toString(), path.toString()));
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("can't read " + link, e);
        }
    }
}
