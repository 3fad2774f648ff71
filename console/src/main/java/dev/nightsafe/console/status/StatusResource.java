package dev.nightsafe.console.status;

import dev.nightsafe.console.platform.Keeper;
import dev.nightsafe.console.platform.Paths;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.database.audit.PeerChain;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.internal.InternalApi;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /health}, {@code /status} and {@code /openapi.yaml}. */
@RestController
@RequestMapping(Paths.API)
public final class StatusResource {
    private static final MediaType YAML = MediaType.parseMediaType("application/yaml");

    private final Keeper keeper;
    private final PeerChain keepersChain;
    private final byte[] description = resource("/console-api.yaml");
    private final String version = new String(resource("/nightsafe-version"), StandardCharsets.UTF_8).strip();

    public StatusResource(Keeper keeper, PeerChain keepersChain) {
        this.keeper = keeper;
        this.keepersChain = keepersChain;
    }

    /** That the console answers; nothing of what it can do. */
    public record Health(String status) {}

    @GetMapping("/health")
    Health health() {
        return new Health("ok");
    }

    @GetMapping("/openapi.yaml")
    ResponseEntity<byte[]> description() {
        return ResponseEntity.ok().contentType(YAML).body(description);
    }

    @GetMapping("/status")
    ConsoleApi.Status status() {
        try {
            InternalApi.Status now = keeper.status();
            return now.vaultsEnabled()
                    ? new ConsoleApi.Status(version, "enabled", null, true, now.rootFingerprint(), problems(now))
                    : new ConsoleApi.Status(
                            version, "not configured", now.reason(), true, now.rootFingerprint(), problems(now));
        } catch (NightsafeException e) {
            if (e.code() != ProblemCode.KEEPER_UNAVAILABLE) {
                throw e;
            }
            return new ConsoleApi.Status(version, "keeper unreachable", null, false, null, problems(null));
        }
    }

    private List<String> problems(InternalApi.@Nullable Status now) {
        String theirs = now == null ? null : now.auditProblem();
        return Stream.of(Optional.ofNullable(theirs), keepersChain.contradiction())
                .flatMap(Optional::stream)
                .toList();
    }

    private static byte[] resource(String name) {
        try (InputStream in = StatusResource.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(in, name + " is missing in this build")
                    .readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
