/** The code of {@code docs/recipes.md} and the pages about threads and other decoders. */
package recipes;
