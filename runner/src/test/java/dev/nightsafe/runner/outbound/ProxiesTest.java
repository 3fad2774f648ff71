package dev.nightsafe.runner.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProxiesTest {
    @Test
    void https_goes_through_the_https_proxy_in_either_case() {
        for (String name : List.of("HTTPS_PROXY", "https_proxy")) {
            assertThat(proxy(Map.of(name, "http://proxy:3129"), "https://keeper.example.com"))
                    .isEqualTo("proxy:3129");
        }
        assertThat(proxy(Map.of("HTTPS_PROXY", "http://a:1", "https_proxy", "b:2"), "https://keeper"))
                .isEqualTo("b:2");
        assertThat(proxy(Map.of("HTTP_PROXY", "http://a:1"), "https://keeper")).isEqualTo("none");
    }

    @Test
    void no_proxy_names_hosts_and_domains() {
        Map<String, String> environment =
                Map.of("https_proxy", "http://proxy:1", "NO_PROXY", "one.example, .example.org ,two");
        assertThat(proxy(environment, "https://one.example")).isEqualTo("none");
        assertThat(proxy(environment, "https://a.example.org")).isEqualTo("none");
        assertThat(proxy(environment, "https://example.org")).isEqualTo("none");
        assertThat(proxy(environment, "https://notexample.org")).isEqualTo("proxy:1");
        assertThat(proxy(Map.of("https_proxy", "http://proxy:1", "no_proxy", "*"), "https://keeper"))
                .isEqualTo("none");
    }

    @Test
    void this_machine_is_reached_directly() {
        assertThat(proxy(Map.of("http_proxy", "http://proxy:1"), "http://127.0.0.1:7601"))
                .isEqualTo("none");
        assertThat(proxy(Map.of("http_proxy", "http://proxy:1"), "http://localhost:7601"))
                .isEqualTo("none");
    }

    @Test
    void credentials_in_a_proxys_address_are_decoded_and_go_only_where_that_proxy_is_asked() {
        Proxies proxies = new Proxies(Map.of("https_proxy", "http://u:p%40%C3%A4@proxy:1", "no_proxy", "near"));
        byte[] expected = "u:p@ä".getBytes(StandardCharsets.UTF_8);
        assertThat(proxies.authorization(URI.create("https://keeper")))
                .isEqualTo("Basic " + Base64.getEncoder().encodeToString(expected));
        assertThat(proxies.authorization(URI.create("https://near"))).isNull();
        assertThat(proxies.authorization(URI.create("http://keeper"))).isNull();
        assertThat(new Proxies(Map.of("https_proxy", "proxy:1")).authorization(URI.create("https://keeper")))
                .isNull();
    }

    @Test
    void an_address_that_is_none_is_an_error_that_does_not_show_its_credentials() {
        for (String address :
                List.of("http://user:geheim %@proxy:1", "https://user:geheim@proxy:1", "http://user:geheim@:1")) {
            assertThatThrownBy(() -> new Proxies(Map.of("https_proxy", address)))
                    .hasMessageContaining("https_proxy")
                    .hasMessageNotContaining("geheim")
                    .hasNoCause();
        }
    }

    private static String proxy(Map<String, String> environment, String address) {
        Proxy proxy = new Proxies(environment).select(URI.create(address)).getFirst();
        return proxy.address() instanceof InetSocketAddress at ? at.getHostString() + ":" + at.getPort() : "none";
    }
}
