// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/salesforce/errors.hpp"

#include "tests/crmsim/json.hpp"

#include <fmt/format.h>

namespace nudged::crmsim::salesforce {

Refusal refusal(int status, std::string_view code, std::string_view message) {
    loopback::JsonWriter json;
    json.StartArray();
    json.StartObject();
    json.member("message", message);
    json.member("errorCode", code);
    json.EndObject();
    json.EndArray();
    return {{.status = status, .body = json.str()}};
}

Refusal query_refusal(std::string_view code, std::string_view soql, std::size_t column,
                      std::string_view message) {
    return refusal(400, code,
                   fmt::format("\n{}\n{}^\nERROR at Row:1:Column:{}\n{}", soql,
                               std::string(column, ' '), column + 1, message));
}

Refusal not_there() {
    return refusal(404, "NOT_FOUND", "The requested resource does not exist");
}

Refusal no_session() {
    return refusal(401, "INVALID_SESSION_ID", "Session expired or invalid");
}

}  // namespace nudged::crmsim::salesforce
