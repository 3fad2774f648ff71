package dev.nightsafe.runner;

import java.util.Map;
import java.util.stream.Collectors;

/** Where this machine gets Python packages from: its own settings of pip, proxies and certificate authorities. */
final class PackageIndex {
    private PackageIndex() {}

    static Map<String, String> environment() {
        Map<String, String> environment = System.getenv().entrySet().stream()
                .filter(entry -> entry.getKey().matches("(?i)(PIP_|SSL_|REQUESTS_|CURL_).*|.*_proxy"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        environment.put("PATH", "/usr/bin:/bin");
        return environment;
    }
}
