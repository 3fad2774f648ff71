package dev.nightsafe.cli.platform;

import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Addresses of consoles: scheme, host and port, nothing else. */
public final class ServerAddress {
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    private ServerAddress() {}

    /** Throws for anything that isn't {@code https://host[:port]}, or {@code http://} to this machine. */
    public static URI parse(String text) {
        URI uri = uri(text);
        String scheme = lower(uri == null ? null : uri.getScheme());
        String host = lower(uri == null ? null : uri.getHost());
        if (uri == null || host.isEmpty() || !(scheme.equals("http") || scheme.equals("https")) || !isBare(uri)) {
            throw CliException.usage(
                    "'" + text + "' is not a server's address", "write it as https://console.example.com[:port]");
        }
        if (scheme.equals("http") && !THIS_MACHINE.contains(host)) {
            throw CliException.usage(
                    "a token must not travel to " + host + " over plain http",
                    "use https://, or http:// only to this machine");
        }
        return URI.create(scheme + "://" + host + (uri.getPort() < 0 ? "" : ":" + uri.getPort()));
    }

    private static boolean isBare(URI uri) {
        return uri.getRawUserInfo() == null
                && uri.getRawQuery() == null
                && uri.getRawFragment() == null
                && (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"));
    }

    private static String lower(@Nullable String text) {
        return text == null ? "" : text.toLowerCase(Locale.ROOT);
    }

    private static @Nullable URI uri(String text) {
        try {
            return URI.create(text.strip());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
