// SPDX-License-Identifier: Apache-2.0
#include "tests/connectors/net/hanging_lookup.hpp"
#include "tests/support/http_server.hpp"

#include <dlfcn.h>
#include <netdb.h>

#include <condition_variable>
#include <mutex>
#include <string_view>

namespace nudged::tests {

namespace {

std::mutex mutex;
std::condition_variable changed;
std::function<void()> told;
bool hangs = false;
int inside = 0;

int hang() {
    std::unique_lock lock(mutex);
    ++inside;
    if (told) told();
    changed.wait_for(lock, patience, [] { return !hangs; });
    --inside;
    changed.notify_all();
    return EAI_AGAIN;
}

}  // namespace

HangingLookup::HangingLookup(std::function<void()> on_hang) {
    std::lock_guard lock(mutex);
    told = std::move(on_hang);
    hangs = true;
}

HangingLookup::~HangingLookup() {
    std::unique_lock lock(mutex);
    hangs = false;
    changed.notify_all();
    changed.wait(lock, [] { return inside == 0; });
    told = nullptr;
}

int HangingLookup::hanging() const {
    std::lock_guard lock(mutex);
    return inside;
}

}  // namespace nudged::tests

// Stands before the C library's in this program.
extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints,
                           addrinfo** result) {
    if (node != nullptr && std::string_view{node} == "hang.invalid") return nudged::tests::hang();
    using Function = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
    static const auto next = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "getaddrinfo"));
    return next(node, service, hints, result);
}
