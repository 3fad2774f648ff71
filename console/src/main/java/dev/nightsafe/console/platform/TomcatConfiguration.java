package dev.nightsafe.console.platform;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardHost;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.tomcat.util.threads.VirtualThreadExecutor;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.Shutdown;
import org.springframework.boot.web.server.Ssl;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.DefaultLifecycleProcessor;

/** The listener: Tomcat on virtual threads, every limit set. */
@Configuration(proxyBeanMethods = false)
public class TomcatConfiguration {
    static final int MAX_CONNECTIONS = 4096;
    private static final int BACKLOG = 256;
    private static final int MAX_HEADER_BYTES = 16 << 10;
    private static final int MAX_HEADERS = 64;
    private static final int MAX_PARAMETERS = 32;
    /** Read after a refusal, so that the client sees the answer rather than a reset. */
    private static final int MAX_SWALLOWED_BYTES = 8 << 20;

    private static final Duration READ_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(75);
    private static final Duration DRAIN = Duration.ofSeconds(3);

    @Bean
    TomcatServletWebServerFactory tomcat(ConsoleSettings settings) throws UnknownHostException {
        TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(settings.port());
        factory.setProtocol(PromptHeaders.class.getName());
        factory.setAddress(InetAddress.getByName(settings.address()));
        factory.addConnectorCustomizers(TomcatConfiguration::limit);
        factory.addContextCustomizers(TomcatConfiguration::reportProblems);
        factory.setShutdown(Shutdown.GRACEFUL);
        if (settings.certificate() != null && settings.key() != null) {
            Ssl ssl = new Ssl();
            ssl.setCertificate(settings.certificate().toUri().toString());
            ssl.setCertificatePrivateKey(settings.key().toUri().toString());
            ssl.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
            factory.setSsl(ssl);
        }
        return factory;
    }

    /** Long polls don't hold up the end. */
    @Bean(name = "lifecycleProcessor")
    DefaultLifecycleProcessor lifecycleProcessor() {
        DefaultLifecycleProcessor processor = new DefaultLifecycleProcessor();
        processor.setTimeoutPerShutdownPhase(DRAIN.toMillis());
        return processor;
    }

    private static void limit(Connector connector) {
        connector.setMaxParameterCount(MAX_PARAMETERS);
        connector.setMaxPostSize(BodyLimitFilter.OTHER_BYTES);
        connector.setXpoweredBy(false);
        connector.setAllowTrace(false);
        AbstractHttp11Protocol<?> http = (AbstractHttp11Protocol<?>) connector.getProtocolHandler();
        http.setExecutor(new VirtualThreadExecutor("request-"));
        http.setMaxConnections(MAX_CONNECTIONS);
        http.setAcceptCount(BACKLOG);
        http.setMaxHttpRequestHeaderSize(MAX_HEADER_BYTES);
        http.setMaxHeaderCount(MAX_HEADERS);
        http.setMaxSwallowSize(MAX_SWALLOWED_BYTES);
        http.setConnectionTimeout((int) READ_TIMEOUT.toMillis());
        http.setKeepAliveTimeout((int) KEEP_ALIVE.toMillis());
        http.setMaxKeepAliveRequests(-1); // how long a connection lasts is the idle timeout's business
    }

    private static void reportProblems(Context context) {
        ((StandardHost) context.getParent()).setErrorReportValveClass(ProblemValve.class.getName());
    }
}
