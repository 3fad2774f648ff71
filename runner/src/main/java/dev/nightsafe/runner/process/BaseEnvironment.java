package dev.nightsafe.runner.process;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What others get of the runner's own environment: proxies, certificate authorities and, for setup, where packages come
 * from. Nothing else, and no credentials of an index: setup runs code of repositories that nobody consented to.
 */
public final class BaseEnvironment {
    private static final List<String> PROXIES = List.of("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY");
    private static final List<String> AUTHORITIES =
            List.of("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS");

    /** Settings of pip and uv that say where packages come from and how patiently they are asked for. */
    private static final List<String> PACKAGES = List.of(
            "PIP_CERT",
            "PIP_CONSTRAINT",
            "PIP_DEFAULT_TIMEOUT",
            "PIP_EXTRA_INDEX_URL",
            "PIP_FIND_LINKS",
            "PIP_INDEX_URL",
            "PIP_NO_INDEX",
            "PIP_ONLY_BINARY",
            "PIP_PREFER_BINARY",
            "PIP_PROXY",
            "PIP_RETRIES",
            "PIP_TIMEOUT",
            "PIP_TRUSTED_HOST",
            "UV_CONSTRAINT",
            "UV_DEFAULT_INDEX",
            "UV_EXTRA_INDEX_URL",
            "UV_FIND_LINKS",
            "UV_HTTP_TIMEOUT",
            "UV_INDEX",
            "UV_INDEX_STRATEGY",
            "UV_INDEX_URL",
            "UV_INSECURE_HOST",
            "UV_NATIVE_TLS",
            "UV_NO_INDEX",
            "UV_OFFLINE",
            "UV_SYSTEM_CERTS");

    /** An address with a user, and perhaps a password. */
    private static final Pattern CREDENTIALS = Pattern.compile("//[^/\\s]*@");

    private final Map<String, String> own;

    /** @param own the runner's environment */
    public BaseEnvironment(Map<String, String> own) {
        this.own = Map.copyOf(own);
    }

    /** For a worker. */
    public Map<String, String> forWorker() {
        Map<String, String> taken = new LinkedHashMap<>();
        taken.put("LANG", "C.UTF-8");
        for (String name : PROXIES) {
            take(taken, name);
            take(taken, name.toLowerCase(Locale.ROOT));
        }
        AUTHORITIES.forEach(name -> take(taken, name));
        return taken;
    }

    /** For git and the installers: also where the site's operator says packages come from. */
    public Map<String, String> forSetup() {
        Map<String, String> taken = forWorker();
        take(taken, "GIT_SSL_CAINFO");
        PACKAGES.stream().filter(name -> !hasCredentials(name)).forEach(name -> take(taken, name));
        return taken;
    }

    /** Names of the runner's settings of pip and uv that nobody else gets, in order. */
    public List<String> keptFromSetup() {
        return own.keySet().stream()
                .filter(name -> name.startsWith("PIP_") || name.startsWith("UV_"))
                .filter(name -> !PACKAGES.contains(name) || hasCredentials(name))
                .sorted()
                .toList();
    }

    private boolean hasCredentials(String name) {
        return CREDENTIALS.matcher(own.getOrDefault(name, "")).find();
    }

    private void take(Map<String, String> taken, String name) {
        String value = own.get(name);
        if (value != null) {
            taken.put(name, value);
        }
    }
}
