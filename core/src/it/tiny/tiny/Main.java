package tiny;

/** Says under which module name core was found on the module path. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        Module core = Main.class.getModule().getLayer().findModule("io.asynchat").orElseThrow();
        if (core.getDescriptor().isAutomatic() || !core.isExported("io.asynchat")) {
            throw new IllegalStateException("core: " + core.getDescriptor() + " (expected: a module that exports io.asynchat)");
        }
        System.out.println("found " + core.getName());
    }
}
