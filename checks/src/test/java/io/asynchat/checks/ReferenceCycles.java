package io.asynchat.checks;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The strongly connected components of the references between top-level classes, by Tarjan's algorithm. */
final class ReferenceCycles {
    private final Map<String, Set<String>> references;
    private final Map<String, Integer> index = new HashMap<>();
    private final Map<String, Integer> low = new HashMap<>();
    private final Deque<String> open = new ArrayDeque<>();
    private final Set<Set<String>> components = new HashSet<>();

    private ReferenceCycles(Map<String, Set<String>> references) {
        this.references = references;
    }

    static ReferenceCycles of(JavaClasses classes) {
        Map<String, Set<String>> references = new TreeMap<>();
        for (JavaClass type : classes) {
            Set<String> to = references.computeIfAbsent(topLevel(type), name -> new TreeSet<>());
            type.getDirectDependenciesFromSelf().stream()
                    .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                    .map(ReferenceCycles::topLevel)
                    .forEach(to::add);
        }
        references.values().forEach(to -> to.retainAll(references.keySet()));
        return new ReferenceCycles(references);
    }

    private static String topLevel(JavaClass type) {
        String name = type.getName();
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    /** The largest set of classes of which each can be reached from each. */
    Set<String> largest() {
        for (String name : references.keySet()) {
            if (!index.containsKey(name)) {
                visit(name);
            }
        }
        return components.stream().max(Comparator.comparingInt(Set::size)).orElse(Set.of());
    }

    private void visit(String name) {
        index.put(name, index.size());
        low.put(name, index.get(name));
        open.push(name);
        for (String to : references.getOrDefault(name, Set.of())) {
            if (!index.containsKey(to)) {
                visit(to);
                low.merge(name, low.get(to), Math::min);
            } else if (open.contains(to)) {
                low.merge(name, index.get(to), Math::min);
            }
        }
        if (low.get(name).equals(index.get(name))) {
            Set<String> component = new TreeSet<>();
            String member;
            do {
                member = open.pop();
                component.add(member);
            } while (!member.equals(name));
            components.add(component);
        }
    }
}
