package dev.nightsafe.runner.process;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a worker gets of the runner's own environment: proxies and certificate authorities. Nothing else. */
public final class BaseEnvironment {
    private static final List<String> PROXIES = List.of("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY");
    private static final List<String> AUTHORITIES =
            List.of("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS");

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
        own.keySet().stream()
                .filter(name -> name.startsWith("PIP_") || name.startsWith("UV_"))
                .forEach(name -> take(taken, name));
        return taken;
    }

    private void take(Map<String, String> taken, String name) {
        String value = own.get(name);
        if (value != null) {
            taken.put(name, value);
        }
    }
}
