// SPDX-License-Identifier: Apache-2.0
#include "tests/skip.hpp"

#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>

namespace {

bool was_skipped = false;

constexpr int skipped_status = 77;  // SKIP_RETURN_CODE of nudged_test()

}  // namespace

void nudged::tests::skip(const std::string& why) {
    was_skipped = true;
    WARN("skipped: " << why);
}

int main(int argc, char** argv) {
    const int failed = Catch::Session().run(argc, argv);
    return failed == 0 && was_skipped ? skipped_status : failed;
}
