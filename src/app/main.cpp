#include "app/Commands.h"
#include "core/Error.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <cstdio>
#include <exception>
#include <string>

namespace {

int complain(const std::string& message, int exitCode) {
    std::string line = message;
    for (char& c : line) {
        if (c == '\n') c = ' ';
    }
    std::fprintf(stderr, "second-heart: %s\n", line.c_str());
    return exitCode;
}

} // namespace

int main(int count, char** arguments) {
#ifdef __GLIBC__
    // CPU drivers take and give back megabytes with every draw; a heap that keeps them saves a fourth of a
    // frame in page faults.
    mallopt(M_MMAP_THRESHOLD, 256 << 20);
    mallopt(M_TRIM_THRESHOLD, 512 << 20);
#endif
    try {
        return pump::app::runCommandLine(count, arguments);
    } catch (const pump::core::Error& error) {
        return complain(error.what(), error.exitCode());
    } catch (const std::bad_alloc&) {
        return complain("out of memory; use a smaller --size or a lower --quality", 2);
    } catch (const std::exception& error) {
        return complain(std::string("unexpected failure: ") + error.what(), 2);
    }
}
