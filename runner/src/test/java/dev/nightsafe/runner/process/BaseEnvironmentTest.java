package dev.nightsafe.runner.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class BaseEnvironmentTest {
    private static final BaseEnvironment ENVIRONMENT = new BaseEnvironment(Map.of(
            "PIP_INDEX_URL", "https://packages.example.com/simple",
            "PIP_EXTRA_INDEX_URL", "https://one.example.com/simple https://user:sesame@two.example.com/simple",
            "PIP_FIND_LINKS", "/opt/wheels",
            "PIP_KEYRING_PROVIDER", "subprocess",
            "UV_DEFAULT_INDEX", "https://token@three.example.com/simple",
            "UV_INDEX_PRIVATE_PASSWORD", "sesame",
            "UV_HTTP_TIMEOUT", "60",
            "AWS_SECRET_ACCESS_KEY", "sesame"));

    @Test
    void setup_is_told_where_packages_are_and_gets_nobodys_credentials() {
        assertThat(ENVIRONMENT.forSetup())
                .containsEntry("PIP_INDEX_URL", "https://packages.example.com/simple")
                .containsEntry("PIP_FIND_LINKS", "/opt/wheels")
                .containsEntry("UV_HTTP_TIMEOUT", "60")
                .hasSize(4); // and LANG
    }

    @Test
    void what_setup_does_not_get_can_be_named() {
        assertThat(ENVIRONMENT.keptFromSetup())
                .containsExactly(
                        "PIP_EXTRA_INDEX_URL", "PIP_KEYRING_PROVIDER", "UV_DEFAULT_INDEX", "UV_INDEX_PRIVATE_PASSWORD");
    }

    @Test
    void workers_get_no_setting_of_the_installers() {
        assertThat(ENVIRONMENT.forWorker()).containsOnlyKeys("LANG");
    }
}
