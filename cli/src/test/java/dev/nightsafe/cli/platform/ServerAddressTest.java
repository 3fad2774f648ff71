package dev.nightsafe.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerAddressTest {

    @Test
    void addresses_have_one_form() {
        assertThat(ServerAddress.parse("HTTPS://Console.Example.com/")).hasToString("https://console.example.com");
        assertThat(ServerAddress.parse("https://console.example.com:8443"))
                .hasToString("https://console.example.com:8443");
        assertThat(ServerAddress.parse("http://localhost:7600/")).hasToString("http://localhost:7600");
        assertThat(ServerAddress.parse("http://[::1]:7600")).hasToString("http://[::1]:7600");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://console.example.com",
                "http://127.0.0.1.example.com",
                "http://127.0.0.1@example.com",
                "https://user@example.com",
                "https://example.com/path",
                "https://example.com?query",
                "ftp://example.com",
                "example.com",
                "https://",
                "not an address"
            })
    void anything_else_is_refused_so_no_token_goes_there(String address) {
        assertThatThrownBy(() -> ServerAddress.parse(address)).isInstanceOf(CliException.class);
    }
}
