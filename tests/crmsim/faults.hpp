// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/loopback.hpp"

#include <optional>
#include <rapidjson/document.h>
#include <string>
#include <vector>

namespace nudged::loopback {

/// Replies that a test has ordered in place of the ordinary ones, or made out of them.
class Faults {
public:
    /// Adds one from a control request:
    /// {"match": part of "POST /path", "skip": n, "times": n,
    ///  either "status", "headers", "body" (text, or JSON)
    ///  or "kind": reset, reset_in_body, truncate, malformed, deep_json (with "depth") or hang}.
    /// False for a kind that there is not.
    bool add(const rapidjson::Value& order);
    void clear() { faults_.clear(); }

    /// The first fault in order that matches takes the reply, and is used up by one.
    Reply apply(const Request& request, Reply ordinary);

private:
    enum class Kind { status, reset, reset_in_body, cut, deep_json, malformed, hang };
    struct Fault {
        std::string match;
        int skip;
        int times;
        Kind kind;
        Reply reply;
        int depth;
    };
    static std::optional<Kind> parse_kind(std::string_view name);
    static Reply distort(const Fault& fault, Reply ordinary);

    std::vector<Fault> faults_;
};

}  // namespace nudged::loopback
