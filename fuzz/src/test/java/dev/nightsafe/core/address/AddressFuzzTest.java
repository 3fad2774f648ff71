package dev.nightsafe.core.address;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.fuzz.Bounds;

class AddressFuzzTest {
    @FuzzTest
    void address(byte[] bytes) {
        Bounds.text(bytes)
                .ifPresent(text -> Bounds.parsed(
                                () -> SecretAddress.parse(text), ProblemCode.INVALID_NAME, ProblemCode.RESERVED_NAME)
                        .ifPresent(address -> assertThat(address).hasToString(text)));
    }
}
