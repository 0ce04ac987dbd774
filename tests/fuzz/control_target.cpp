// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/control.hpp"
#include "tests/fuzz/targets.hpp"

namespace nudged::fuzz {

void fuzz_control(std::string_view input) {
    if (const auto request = runtime::parse_request(input)) {
        const auto again = runtime::parse_request(runtime::to_json(*request));
        promise(again && again->command == request->command &&
                    again->arguments == request->arguments,
                "a request is read as it was written");
    }
    if (const auto reply = runtime::parse_reply(input)) {
        const auto again = runtime::parse_reply(runtime::to_json(*reply));
        promise(again && again->text == reply->text && again->last == reply->last &&
                    again->status == reply->status,
                "a reply is read as it was written");
    }
}

}  // namespace nudged::fuzz
