/** The code that README shows. */
package readme;
