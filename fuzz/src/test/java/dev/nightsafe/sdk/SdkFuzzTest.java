package dev.nightsafe.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.nightsafe.fuzz.Bounds;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

class SdkFuzzTest {
    private static final Payloads.Converter SAMPLE = Payloads.converterFor(Sample.class);

    /** Something of each kind that a handler may ask for. */
    record Sample(
            String text,
            int number,
            double decimal,
            Optional<Boolean> flag,
            List<Long> numbers,
            Map<String, Sample> more,
            Thread.@Nullable State state) {}

    /** null is a value, too. */
    private record Read(@Nullable Object value) {}

    @FuzzTest
    void line(byte[] bytes) {
        Bounds.parsed(() -> new Read(JsonText.read(bytes)), JacksonException.class::isInstance)
                .ifPresent(read -> {
                    Read again = new Read(JsonText.read(JsonText.write(read.value())));
                    assertThat(again).isEqualTo(read);
                    Bounds.parsed(
                            () -> new Read(SAMPLE.convert(read.value(), "payload")),
                            PayloadException.class::isInstance);
                });
    }
}
