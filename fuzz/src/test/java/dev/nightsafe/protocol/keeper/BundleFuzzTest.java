package dev.nightsafe.protocol.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.fuzz.Bounds;

class BundleFuzzTest {
    @FuzzTest
    void bundle(byte[] bytes) {
        try (SecretBytes encoded = SecretBytes.takeFrom(bytes.clone())) {
            Bounds.parsed(() -> GrantBundle.decode(encoded), ProblemCode.SECRET_UNREADABLE)
                    .ifPresent(bundle -> {
                        try (bundle;
                                SecretBytes again = bundle.encode()) {
                            assertThat(again.exposing(byte[]::clone)).isEqualTo(bytes);
                        }
                    });
        }
    }
}
