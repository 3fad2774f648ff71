package dev.nightsafe.e2e;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rules of docs/architecture.md, "Layout": modules follow deployables because the class path is a boundary. */
class ArchitectureTest {
    private static final List<String> MODULES =
            List.of("core", "protocol", "database", "console", "keeper", "runner", "cli", "sdk/java");
    private static final Map<String, JavaClasses> CLASSES = new HashMap<>();

    @BeforeAll
    static void import_the_classes_of_each_module() {
        for (String module : MODULES) {
            Path folder = Installation.SOURCE.resolve(module).resolve("target/classes");
            assertThat(folder).isDirectory();
            CLASSES.put(module, new ClassFileImporter().importPath(folder));
            assertThat(CLASSES.get(module)).as(module).isNotEmpty();
        }
    }

    @Test
    void the_layout_in_the_documents_names_the_packages_of_each_part() throws IOException {
        List<String> layout = Files.readAllLines(Installation.SOURCE.resolve("docs/architecture.md"));
        for (String part : List.of("console", "keeper", "runner")) {
            String line = layout.stream()
                    .filter(each -> each.startsWith(part + "/ "))
                    .findFirst()
                    .orElseThrow();
            Path packages = Installation.SOURCE.resolve(part + "/src/main/java/dev/nightsafe/" + part);
            try (Stream<Path> folders = Files.list(packages).filter(Files::isDirectory)) {
                assertThat(folders.map(folder -> folder.getFileName() + "/"))
                        .as(part)
                        .allMatch(line::contains);
            }
        }
    }

    @Test
    void core_depends_on_the_jdk_the_crypto_library_and_the_yaml_reader_only() {
        ArchRuleDefinition.classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.nightsafe.core..",
                        "java..",
                        "javax.crypto..",
                        "org.bouncycastle..",
                        "org.snakeyaml.engine..",
                        "org.jspecify..")
                .check(classes("core"));
    }

    @Test
    void the_java_sdk_depends_on_the_jdk_and_the_json_reader_and_nothing_on_it() {
        ArchRuleDefinition.classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("dev.nightsafe.sdk..", "java..", "tools.jackson.core..", "org.jspecify..")
                .check(classes("sdk/java"));
        MODULES.stream()
                .filter(module -> !module.equals("sdk/java"))
                .forEach(module -> none(module, "dev.nightsafe.sdk.."));
    }

    @Test
    void console_keeper_and_runner_never_depend_on_each_other() {
        List<String> deployables = List.of("console", "keeper", "runner", "cli");
        for (String one : deployables) {
            for (String other : deployables) {
                if (!one.equals(other)) {
                    noClasses()
                            .should()
                            .dependOnClassesThat()
                            .resideInAPackage("dev.nightsafe." + other + "..")
                            .check(classes(one));
                }
            }
        }
    }

    @Test
    void only_the_console_knows_spring_and_only_the_keeper_helidon() {
        for (String module : MODULES) {
            if (!module.equals("console")) {
                none(module, "org.springframework..");
            }
            if (!module.equals("keeper")) {
                none(module, "io.helidon..");
            }
        }
    }

    @Test
    void only_the_outbound_gate_of_the_runner_opens_connections() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.nightsafe.runner.outbound..")
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "open connections",
                        (JavaClass target) -> target.getPackageName().startsWith("java.net.http")
                                || target.getName().equals("dev.nightsafe.protocol.http.ApiClient")
                                || target.getName().equals("java.net.Socket")
                                || target.getName().equals("java.net.URLConnection")))
                .check(classes("runner"));
    }

    @Test
    void the_console_never_touches_what_opens_boxes() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "dev\\.nightsafe\\.core\\.(sealing\\.OpeningKey|keys\\.(MasterKeys|WrappedKey|Canary))")
                .check(classes("console"));
    }

    @Test
    void platform_packages_import_no_feature() {
        for (String module : List.of("console", "keeper")) {
            noClasses()
                    .that()
                    .resideInAPackage("dev.nightsafe." + module + ".platform..")
                    .should()
                    .dependOnClassesThat(DescribedPredicate.describe(
                            "are a feature's",
                            (JavaClass target) -> target.getPackageName().startsWith("dev.nightsafe." + module + ".")
                                    && !target.getPackageName().startsWith("dev.nightsafe." + module + ".platform")))
                    .check(classes(module));
        }
    }

    @Test
    void a_package_belongs_to_one_module() {
        Map<String, Set<String>> modulesOf = new HashMap<>();
        CLASSES.forEach((module, classes) -> classes.forEach(type -> modulesOf
                .computeIfAbsent(type.getPackageName(), name -> new HashSet<>())
                .add(module)));
        assertThat(modulesOf)
                .allSatisfy((name, modules) -> assertThat(modules).as(name).hasSize(1));
    }

    @Test
    void every_package_is_null_marked() {
        CLASSES.forEach((module, classes) -> classes.forEach(type -> {
            Path info = Installation.SOURCE
                    .resolve(module)
                    .resolve("src/main/java")
                    .resolve(type.getPackageName().replace('.', '/'))
                    .resolve("package-info.java");
            assertThat(Files.exists(info)).as(info.toString()).isTrue();
        }));
    }

    private static void none(String module, String packages) {
        noClasses().should().dependOnClassesThat().resideInAPackage(packages).check(classes(module));
    }

    private static JavaClasses classes(String module) {
        return java.util.Objects.requireNonNull(CLASSES.get(module));
    }
}
