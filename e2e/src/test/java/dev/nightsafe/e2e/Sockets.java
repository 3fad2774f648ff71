package dev.nightsafe.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The TCP sockets of a process and of all that it started, as Linux shows them. */
final class Sockets {
    private static final int LOCAL = 1;
    private static final int REMOTE = 2;
    private static final int STATE = 3;
    private static final int INODE = 9;
    private static final String LISTEN = "0A";

    private Sockets() {}

    /** @param remotePort 0 for one that listens */
    record Socket(int localPort, int remotePort, boolean listens) {}

    static List<Socket> of(long pid) {
        Set<String> inodes = new HashSet<>();
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        Stream.concat(Stream.of(process), process.descendants()).forEach(each -> addInodes(each.pid(), inodes));
        List<Socket> sockets = new ArrayList<>();
        for (String table : List.of("tcp", "tcp6")) {
            for (String line : lines(Path.of("/proc/" + pid + "/net/" + table))) {
                String[] fields = line.strip().split("\\s+", -1);
                if (inodes.contains("socket:[" + fields[INODE] + "]")) {
                    sockets.add(new Socket(port(fields[LOCAL]), port(fields[REMOTE]), fields[STATE].equals(LISTEN)));
                }
            }
        }
        return sockets;
    }

    private static void addInodes(long pid, Set<String> inodes) {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                inodes.add(Files.readSymbolicLink(descriptor).toString());
            }
        } catch (IOException e) {
            // It has ended, or closed that one.
        }
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.indexOf(':') + 1), 16);
    }

    private static List<String> lines(Path table) {
        try {
            List<String> lines = Files.exists(table) ? Files.readAllLines(table) : List.of();
            return lines.isEmpty() ? lines : lines.subList(1, lines.size());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
