package io.notify;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.Predicate;

/** A real thing of which one method can be made to wait, fail or be noticed before it runs. */
public final class Intercepted {
    private Intercepted() {}

    /** What stands before the method. */
    @FunctionalInterface
    public interface Gate {
        void pass() throws Exception;
    }

    /** The same as {@code real}, but the methods of these names go through the gate first. */
    public static <T> T before(Class<T> type, T real, Predicate<String> methods, Gate gate) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    if (methods.test(method.getName())) {
                        gate.pass();
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
