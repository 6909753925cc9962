/** The code of {@code docs/quickstart.md}. */
package quickstart;
