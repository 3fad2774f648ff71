package dev.nightsafe.console.platform;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.RequestBodyAdviceAdapter;

/** Refuses a body that lacks a field which its record doesn't mark {@code @Nullable}, or has null in a list. */
@RestControllerAdvice
class RequiredFields extends RequestBodyAdviceAdapter {
    /** @param nullable whether it may be left out */
    private record Field(String name, Method accessor, boolean nullable) {}

    private static final ClassValue<List<Field>> FIELDS = new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> body) {
            return Stream.of(body.getRecordComponents())
                    .map(component -> new Field(
                            component.getName(),
                            component.getAccessor(),
                            component.getAnnotatedType().isAnnotationPresent(Nullable.class)))
                    .toList();
        }
    };

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
        for (Field field : FIELDS.get(body.getClass())) {
            Object value = read(field, body);
            if (value == null && !field.nullable()) {
                throw Failures.badRequest("'" + field.name() + "' is missing");
            }
            if (value instanceof List<?> list && list.stream().anyMatch(Objects::isNull)) {
                throw Failures.badRequest("'" + field.name() + "' has an entry that is null");
            }
        }
        return body;
    }

    private static @Nullable Object read(Field field, Object body) {
        try {
            return field.accessor().invoke(body);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("bodies are public records", e);
        }
    }
}
