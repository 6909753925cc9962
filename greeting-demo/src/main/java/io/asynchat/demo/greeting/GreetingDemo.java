package io.asynchat.demo.greeting;

/** Starts the greeting server. */
public final class GreetingDemo {
    private GreetingDemo() {}

    /** Runs until it is told to stop. */
    public static void main(String[] args) {
        System.err.println("The greeting server is not written yet.");
        System.exit(1);
    }
}
