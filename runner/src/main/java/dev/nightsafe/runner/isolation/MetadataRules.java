package dev.nightsafe.runner.isolation;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Routing rules that keep the workers' users from the cloud's metadata endpoints, where credentials of the machine are
 * had for the asking. Port 53 stays open, since some clouds have their resolver at the same address. The rules name the
 * workers' ids only, so the rest of the machine doesn't notice them.
 */
final class MetadataRules implements AutoCloseable {
    private static final List<String> IPV4 = List.of("169.254.0.0/16", "168.63.129.16/32", "100.100.100.200/32");
    private static final List<String> IPV6 = List.of("fd00:ec2::/32");
    private static final List<String> PORTS = List.of("1-52", "54-65534");
    private static final int LEFT_OVER = 8;
    private static final String IP = Stream.of("/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip")
            .filter(path -> Files.isExecutable(Path.of(path)))
            .findFirst()
            .orElse("ip");

    private final String range;
    private final boolean inForce;

    /** Sets the rules, in place of those of an earlier run. */
    MetadataRules(int firstUser, int lastUser) {
        range = firstUser + "-" + lastUser;
        close();
        boolean ipv4 = rules(IPV4).allMatch(rule -> Probe.succeeds(command("-4", "add", rule)));
        boolean ipv6 = rules(IPV6).allMatch(rule -> Probe.succeeds(command("-6", "add", rule)));
        inForce = ipv4 && (ipv6 || !hasIpv6());
    }

    /** False when the machine has no {@code ip} program or doesn't let us. */
    boolean inForce() {
        return inForce;
    }

    @Override
    public void close() {
        rules(IPV4).forEach(rule -> remove("-4", rule));
        rules(IPV6).forEach(rule -> remove("-6", rule));
    }

    private void remove(String family, List<String> rule) {
        for (int i = 0; i < LEFT_OVER && Probe.succeeds(command(family, "del", rule)); i++) {
            // Once more: each start of a runner that was killed left one.
        }
    }

    private Stream<List<String>> rules(List<String> addresses) {
        return addresses.stream()
                .flatMap(address -> PORTS.stream()
                        .map(ports -> List.of(
                                "uidrange", range, "to", address, "ipproto", "tcp", "dport", ports, "prohibit")));
    }

    private static List<String> command(String family, String action, List<String> rule) {
        return Stream.concat(Stream.of(IP, family, "rule", action), rule.stream())
                .toList();
    }

    private static boolean hasIpv6() {
        return Probe.succeeds(List.of(IP, "-6", "rule", "list"));
    }
}
