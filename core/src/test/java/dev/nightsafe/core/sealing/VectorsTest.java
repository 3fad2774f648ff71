package dev.nightsafe.core.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Java's part of {@code spec/vectors}; Python's and JavaScript's are run by {@code spec/vectors/cross-check}. */
class VectorsTest {
    @TestFactory
    Stream<DynamicTest> every_vector_is_met() {
        return Vectors.all()
                .map(check ->
                        DynamicTest.dynamicTest(check.name(), () -> check.run().run()));
    }

    /** When one differs on purpose: {@code VectorRunner make}, and say in the change why old boxes still open. */
    @TestFactory
    Stream<DynamicTest> the_files_are_what_the_generator_makes() {
        return Vectors.FILES.stream().map(file -> DynamicTest.dynamicTest(file.name(), () -> assertSame(file)));
    }

    private static void assertSame(Vectors.File file) throws IOException {
        assertThat(file.text()).isEqualTo(Files.readString(Vectors.FOLDER.resolve(file.name())));
    }
}
