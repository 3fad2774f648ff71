package dev.nightsafe.keeper.platform;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OpenFilesTest {
    private static final String LIMITS = """
            Limit                     Soft Limit           Hard Limit           Units
            Max cpu time              unlimited            unlimited            seconds
            Max open files            %s                 524288               files
            Max locked memory         65536                65536                bytes
            """;

    @Test
    void the_limit_that_holds_is_read() {
        assertThat(OpenFiles.most(LIMITS.formatted("1024"))).isEqualTo(1024);
        assertThat(OpenFiles.most(LIMITS.formatted("unlimited"))).isEqualTo(Integer.MAX_VALUE);
        assertThat(OpenFiles.most()).isPositive();
    }

    @Test
    void both_listeners_and_all_other_files_fit_below_it() {
        for (int most : new int[] {700, 1024, 4096, 20_000, Integer.MAX_VALUE}) {
            assertThat((long) OpenFiles.runners(most) + OpenFiles.internal(most))
                    .isLessThanOrEqualTo(most - 300);
        }
        assertThat(OpenFiles.runners(1024)).isEqualTo(596);
        assertThat(OpenFiles.runners(32_768)).isEqualTo(HttpServer.MAX_CONNECTIONS);
    }
}
