/* Measures how libc finds the ends of the lines of SearchTimes, in nanoseconds of CPU time a KiB. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { READ = 128 << 10, SAMPLE = 20000000, SAMPLES = 5 };

static char in[2 * READ];
static size_t length;

static long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time.tv_sec * 1000000000L + time.tv_nsec;
}

static void fill(const char *delimiter, size_t line) {
    memset(in, 'x', sizeof in);
    for (length = 0; length < READ; length += line) {
        memcpy(in + length + line - strlen(delimiter), delimiter, strlen(delimiter));
    }
}

static size_t pass(const char *delimiter, int whole) {
    size_t width = strlen(delimiter), lines = 0;
    for (const char *at = in, *end = in + length; at < end; lines++) {
        at = whole ? memmem(at, end - at, delimiter, width) : memchr(at, delimiter[0], end - at);
        at += width;
    }
    return lines;
}

static int ascending(const void *a, const void *b) {
    return (*(const double *)a > *(const double *)b) - (*(const double *)a < *(const double *)b);
}

static double measure(const char *delimiter, size_t line, int whole) {
    double nanos[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
        long start = now(), passes = 0;
        while (now() - start < SAMPLE) {
            if (pass(delimiter, whole) != length / line) {
                fprintf(stderr, "lines: not all found\n");
                exit(1);
            }
            passes++;
        }
        nanos[i] = (now() - start) * 1024.0 / ((double)passes * length);
    }
    qsort(nanos, SAMPLES, sizeof nanos[0], ascending);
    return nanos[SAMPLES / 2];
}

int main(void) {
    const char *delimiters[] = {"\n", "\r\n", "\r\n\r\n", "\r\n.\r\n"};
    const size_t lines[] = {4 << 10, 64 << 10};
    for (int d = 0; d < 4; d++) {
        for (int l = 0; l < 2; l++) {
            fill(delimiters[d], lines[l]);
            printf("%zu %zu memchr %f\n", strlen(delimiters[d]), lines[l], measure(delimiters[d], lines[l], 0));
            printf("%zu %zu memmem %f\n", strlen(delimiters[d]), lines[l], measure(delimiters[d], lines[l], 1));
        }
    }
}
