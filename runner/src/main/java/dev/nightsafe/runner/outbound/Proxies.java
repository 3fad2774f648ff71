package dev.nightsafe.runner.outbound;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The proxies of {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY}, in either case; the lower-case one wins.
 * A proxy's user and password stand in its address, percent-encoded; they are shown to nobody else. {@code NO_PROXY} lists hosts, domains with all that is under them, or {@code *}. This machine itself is never reached
 * through a proxy.
 */
public final class Proxies extends ProxySelector {
    private final @Nullable URI forHttps;
    private final @Nullable URI forHttp;
    private final List<String> direct;

    public Proxies(Map<String, String> environment) {
        forHttps = proxy(environment, "https_proxy");
        forHttp = proxy(environment, "http_proxy");
        direct = Stream.of(find(environment, "no_proxy").split(",", -1))
                .map(entry -> entry.strip().toLowerCase(Locale.ROOT))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> entry.startsWith(".") ? entry.substring(1) : entry)
                .toList();
    }

    @Override
    public List<Proxy> select(URI uri) {
        URI proxy = proxyFor(uri);
        if (proxy == null) {
            return List.of(Proxy.NO_PROXY);
        }
        int port = proxy.getPort() >= 0 ? proxy.getPort() : 3128;
        return List.of(new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.getHost(), port)));
    }

    /** What the proxy on the way to an address is told ({@code Proxy-Authorization}); null for nothing. */
    public @Nullable String authorization(URI uri) {
        URI proxy = proxyFor(uri);
        if (proxy == null || proxy.getUserInfo() == null) {
            return null;
        }
        // The JDK sends no password to a proxy of https, because it crosses the site's network in clear; here the
        // operator wrote it down to be sent. Read once, when the first client is made.
        System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
        byte[] credentials = proxy.getUserInfo().getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(credentials);
    }

    private @Nullable URI proxyFor(URI uri) {
        URI proxy = "https".equals(uri.getScheme()) ? forHttps : forHttp;
        return isDirect(String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT)) ? null : proxy;
    }

    @Override
    public void connectFailed(URI uri, SocketAddress proxy, IOException failure) {
        System.getLogger("nightsafe.runner")
                .log(System.Logger.Level.WARNING, "the proxy {0} can''t be reached", proxy.toString());
    }

    private boolean isDirect(String host) {
        return host.equals("localhost")
                || host.startsWith("127.")
                || host.equals("[::1]")
                || direct.stream()
                        .anyMatch(entry -> entry.equals("*") || host.equals(entry) || host.endsWith("." + entry));
    }

    private static @Nullable URI proxy(Map<String, String> environment, String name) {
        String value = find(environment, name);
        if (value.isEmpty()) {
            return null;
        }
        try {
            URI uri = new URI(value.contains("://") ? value : "http://" + value);
            if (uri.getHost() != null && "http".equals(uri.getScheme())) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Its message repeats the address, and so the password.
        }
        throw new IllegalArgumentException(
                name + " must be http://host:port or http://user:password@host:port, with %40 for an @ in either");
    }

    private static String find(Map<String, String> environment, String name) {
        String lower = environment.getOrDefault(name, "");
        return lower.isBlank()
                ? environment.getOrDefault(name.toUpperCase(Locale.ROOT), "").strip()
                : lower.strip();
    }
}
