package dev.nightsafe.console;

import dev.nightsafe.console.access.FirstStart;
import dev.nightsafe.console.access.TokenResource;
import dev.nightsafe.console.access.Tokens;
import dev.nightsafe.console.audit.AuditResource;
import dev.nightsafe.console.audit.AuditTrail;
import dev.nightsafe.console.audit.HeadExchange;
import dev.nightsafe.console.platform.ConsoleSettings;
import dev.nightsafe.console.platform.KnownCallers;
import dev.nightsafe.console.platform.SecurityConfiguration;
import dev.nightsafe.console.platform.Storage;
import dev.nightsafe.console.platform.StorageConfiguration;
import dev.nightsafe.console.platform.TomcatConfiguration;
import dev.nightsafe.console.platform.WebConfiguration;
import dev.nightsafe.console.queues.QueueChecks;
import dev.nightsafe.console.queues.QueueResource;
import dev.nightsafe.console.queues.Queues;
import dev.nightsafe.console.release.Consent;
import dev.nightsafe.console.release.Floors;
import dev.nightsafe.console.release.ReleaseRuleResource;
import dev.nightsafe.console.release.ReleaseRules;
import dev.nightsafe.console.release.RuleSets;
import dev.nightsafe.console.runners.RunnerResource;
import dev.nightsafe.console.runners.Runners;
import dev.nightsafe.console.status.StatusResource;
import dev.nightsafe.console.tasks.QueueActivity;
import dev.nightsafe.console.tasks.ScheduleTicker;
import dev.nightsafe.console.tasks.ScheduledTasks;
import dev.nightsafe.console.tasks.TaskEvents;
import dev.nightsafe.console.tasks.TaskResource;
import dev.nightsafe.console.tasks.Tasks;
import dev.nightsafe.console.vaults.Deposits;
import dev.nightsafe.console.vaults.Pruning;
import dev.nightsafe.console.vaults.Rekeying;
import dev.nightsafe.console.vaults.Rekeys;
import dev.nightsafe.console.vaults.SecretResource;
import dev.nightsafe.console.vaults.VaultResource;
import dev.nightsafe.console.vaults.Vaults;
import dev.nightsafe.console.vaults.VersionResource;
import dev.nightsafe.console.vaults.Versions;
import dev.nightsafe.console.workspaces.WorkspaceResource;
import dev.nightsafe.console.workspaces.Workspaces;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.GenericApplicationContext;

/** A running console. */
public final class Console implements AutoCloseable {
    private final ServletWebServerApplicationContext context;
    private final ConsoleSettings settings;

    private Console(ServletWebServerApplicationContext context, ConsoleSettings settings) {
        this.context = context;
        this.settings = settings;
    }

    /** All there is: nothing is scanned for, and nothing configures itself from the class path. */
    @Configuration(proxyBeanMethods = false)
    @Import({
        StorageConfiguration.class,
        SecurityConfiguration.class,
        WebConfiguration.class,
        TomcatConfiguration.class,
        FirstStart.class,
        StatusResource.class,
        Workspaces.class,
        WorkspaceResource.class,
        Vaults.class,
        VaultResource.class,
        Rekeying.class,
        Rekeys.class,
        Deposits.class,
        SecretResource.class,
        Versions.class,
        VersionResource.class,
        Pruning.class,
        RuleSets.class,
        Consent.class,
        ReleaseRules.class,
        Floors.class,
        ReleaseRuleResource.class,
        Queues.class,
        QueueChecks.class,
        QueueResource.class,
        Tasks.class,
        ScheduledTasks.class,
        ScheduleTicker.class,
        QueueActivity.class,
        KnownCallers.class,
        TaskEvents.class,
        TaskResource.class,
        Runners.class,
        RunnerResource.class,
        Tokens.class,
        TokenResource.class,
        AuditTrail.class,
        HeadExchange.class,
        AuditResource.class
    })
    static class Parts {}

    /**
     * Starts a console; when it returns, it listens.
     *
     * @throws RuntimeException that has the reason in its chain of causes
     */
    public static Console start(ConsoleSettings settings) {
        return start(settings, InstantSource.system());
    }

    static Console start(ConsoleSettings settings, InstantSource clock) {
        Storage storage = new Storage(settings, clock);
        SpringApplication application = new SpringApplication(Parts.class);
        application.setWebApplicationType(WebApplicationType.SERVLET);
        application.setBannerMode(Banner.Mode.OFF);
        application.setLogStartupInfo(false);
        // No listeners: they would read application.yaml from the working directory and set logging up anew.
        application.setListeners(List.of());
        application.setInitializers(List.of(context -> {
            GenericApplicationContext parts = (GenericApplicationContext) context;
            parts.registerBean(ConsoleSettings.class, () -> settings);
            parts.registerBean(InstantSource.class, () -> clock);
            parts.registerBean(Storage.class, () -> storage);
        }));
        try {
            return new Console((ServletWebServerApplicationContext) application.run(), settings);
        } catch (RuntimeException e) {
            storage.close();
            throw e;
        }
    }

    public URI address() {
        String scheme = settings.certificate() == null ? "http" : "https";
        int port = Objects.requireNonNull(context.getWebServer()).getPort();
        return URI.create(scheme + "://" + settings.address() + ":" + port);
    }

    /** The parts, for tests. */
    ServletWebServerApplicationContext context() {
        return context;
    }

    @Override
    public void close() {
        context.close();
    }
}
