package dev.nightsafe.console.platform;

import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Gives resources the {@link Caller} and {@link Scope} that the gate let in; a resource that has none fails. */
final class ScopeResolver implements HandlerMethodArgumentResolver {
    static final String CALLER = Caller.class.getName();
    static final String SCOPE = Scope.class.getName();

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == Scope.class || parameter.getParameterType() == Caller.class;
    }

    @Override
    public Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binders) {
        String name = parameter.getParameterType().getName();
        Object value = request.getAttribute(name, RequestAttributes.SCOPE_REQUEST);
        if (value == null) {
            throw new IllegalStateException("the gate set no " + name + " for this route");
        }
        return value;
    }
}
