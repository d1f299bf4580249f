/* whisper.cpp without us: loads a model and a 16 kHz mono WAV file with a header of 44 bytes, and for each line on standard
 * input writes the recording down once, with whisper.cpp's own defaults but no second tries, and prints the
 * milliseconds and the tokens. Built and run by whisper_speed.py. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "whisper.h"

static void silent(enum ggml_log_level level, const char *text, void *data) {
    (void)level, (void)text, (void)data;
}

static double now_ms(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return 1e3 * (double)time.tv_sec + 1e-6 * (double)time.tv_nsec;
}

int main(int count, char **arguments) {
    if (count != 4) return fprintf(stderr, "whisper_speed MODEL WAV THREADS\n"), 2;
    whisper_log_set(silent, NULL);
    struct whisper_context *context =
        whisper_init_from_file_with_params(arguments[1], whisper_context_default_params());
    FILE *file = fopen(arguments[2], "rb");
    if (!context || !file) return fprintf(stderr, "the model or the recording cannot be read\n"), 1;
    fseek(file, 0, SEEK_END);
    int samples = (int)((ftell(file) - 44) / 2);
    fseek(file, 44, SEEK_SET);
    short *whole = malloc(sizeof(short) * (size_t)samples);
    float *sound = malloc(sizeof(float) * (size_t)samples);
    if (!whole || !sound || fread(whole, 2, (size_t)samples, file) != (size_t)samples) return 1;
    for (int at = 0; at < samples; at++) sound[at] = (float)whole[at] / 32768.0f;

    struct whisper_full_params how = whisper_full_default_params(WHISPER_SAMPLING_GREEDY);
    how.n_threads = atoi(arguments[3]);
    how.language = "en";
    how.temperature_inc = 0.0f;
    how.print_progress = false;
    puts("ready");
    fflush(stdout);
    char line[64];
    while (fgets(line, sizeof line, stdin)) {
        double began = now_ms();
        if (whisper_full(context, how, sound, samples) != 0) return 1;
        double took = now_ms() - began;
        printf("%.3f", took);
        for (int segment = 0; segment < whisper_full_n_segments(context); segment++)
            for (int at = 0; at < whisper_full_n_tokens(context, segment); at++)
                printf(" %d", whisper_full_get_token_id(context, segment, at));
        puts("");
        fflush(stdout);
    }
    whisper_free(context);
    return 0;
}
