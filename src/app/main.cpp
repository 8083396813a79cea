#include "app/Commands.h"
#include "core/Error.h"

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
