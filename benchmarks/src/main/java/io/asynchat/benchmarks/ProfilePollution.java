package io.asynchat.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.List;

/**
 * Runs a candidate with other handler classes first, as a server with several protocols does. The call sites of core and
 * Netty then have more receiver types in their profiles than the JIT compiler inlines.
 *
 * <p>The other classes are copies of the benchmark's own, each set defined by a class loader of its own.
 */
final class ProfilePollution {
    private static final int COPIES = 3; // with the candidate's own, four handler classes
    private static final List<String> OTHER_WORKLOADS = List.of("crlf32", "fixed32", "switch128");

    private ProfilePollution() {}

    /** Runs each copy for this CPU time; 0 runs none. */
    static void run(Candidate candidate, String workload, long millis) throws ReflectiveOperationException {
        if (millis == 0) {
            return;
        }
        for (int i = 0; i < COPIES; i++) {
            Class<?> copy = new CopyingLoader().loadClass(ProfilePollution.class.getName());
            Method runCopy = copy.getDeclaredMethod("runCopy", String.class, String.class, long.class);
            runCopy.setAccessible(true);
            runCopy.invoke(null, candidate.name(), workload, millis);
        }
    }

    /** Runs the workload and others by the classes of the caller's loader. */
    static void runCopy(String candidateName, String workload, long millis) {
        Candidate candidate = Candidate.valueOf(candidateName);
        new FramingWorker(candidate, Workload.named(workload)).sample(millis);
        for (String name : OTHER_WORKLOADS) {
            Workload other = Workload.named(name);
            if (candidate.supports(other.framing())) {
                new FramingWorker(candidate, other).sample(millis / OTHER_WORKLOADS.size());
            }
        }
    }

    /** Defines the classes of this package anew; all others come from the parent. */
    private static final class CopyingLoader extends ClassLoader {
        private static final String PREFIX = ProfilePollution.class.getPackageName() + ".";

        private CopyingLoader() {
            super(ProfilePollution.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(PREFIX)) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : copy(name);
            }
        }

        private Class<?> copy(String name) throws ClassNotFoundException {
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException unreadable) {
                throw new ClassNotFoundException(name, unreadable);
            }
        }
    }
}
