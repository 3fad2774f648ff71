package dev.nightsafe.console.platform;

import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Database;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.context.SecurityContextHolderFilter;
import org.springframework.security.web.firewall.RequestRejectedHandler;

/**
 * The one chain: problems, routes, tokens, the gate, budgets of requests and
 * bodies. Stateless; a browser's credentials don't exist
 * here, so neither does cross-site forgery.
 */
@Configuration(proxyBeanMethods = false)
@EnableWebSecurity
public class SecurityConfiguration {
    @Bean
    SecurityFilterChain chain(
            HttpSecurity http, Database database, Committer committer, RowMac mac, InstantSource clock) {
        Denials denials = new Denials(committer, clock);
        ApiTokens tokens = new ApiTokens(database, mac, new LastUse(committer), clock);
        return http.csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .headers(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .exceptionHandling(on -> on.authenticationEntryPoint(denials).accessDeniedHandler(denials))
                .authorizeHttpRequests(requests -> requests.anyRequest().access(new RouteGate(database)))
                .addFilterBefore(new ProblemFilter(), SecurityContextHolderFilter.class)
                .addFilterBefore(new RouteFilter(new RouteTable()), SecurityContextHolderFilter.class)
                .addFilterBefore(new ApiTokenFilter(tokens), AnonymousAuthenticationFilter.class)
                .addFilterAfter(new RequestBudgetFilter(), AuthorizationFilter.class)
                .addFilterAfter(new BodyLimitFilter(), RequestBudgetFilter.class)
                .build();
    }

    /** For what Spring's firewall refuses before any chain: paths that could be read in two ways. */
    @Bean
    RequestRejectedHandler rejected() {
        return (request, response, e) ->
                ProblemWriter.write(response, ProblemCode.BAD_REQUEST, "this path or method is malformed");
    }
}
