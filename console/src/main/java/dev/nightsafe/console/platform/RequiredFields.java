package dev.nightsafe.console.platform;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.RequestBodyAdviceAdapter;

/** Refuses a body that lacks a field which its record doesn't mark {@code @Nullable}, or has null in a list. */
@RestControllerAdvice
class RequiredFields extends RequestBodyAdviceAdapter {
    @Override
    public boolean supports(
            MethodParameter parameter, Type type, Class<? extends HttpMessageConverter<?>> converterType) {
        return parameter.getParameterType().isRecord();
    }

    @Override
    public Object afterBodyRead(
            @Nullable Object body,
            HttpInputMessage message,
            MethodParameter parameter,
            Type type,
            Class<? extends HttpMessageConverter<?>> converterType) {
        if (body == null) {
            throw Failures.badRequest("the body is null");
        }
        for (RecordComponent component : body.getClass().getRecordComponents()) {
            Object value = read(component, body);
            if (value == null && !component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                throw Failures.badRequest("'" + component.getName() + "' is missing");
            }
            if (value instanceof List<?> list && list.stream().anyMatch(Objects::isNull)) {
                throw Failures.badRequest("'" + component.getName() + "' has an entry that is null");
            }
        }
        return body;
    }

    private static @Nullable Object read(RecordComponent component, Object body) {
        try {
            return component.getAccessor().invoke(body);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("bodies are public records", e);
        }
    }
}
