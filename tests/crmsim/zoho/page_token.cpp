// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/zoho/page_token.hpp"

#include "connectors/base/text.hpp"
#include "tests/crmsim/zoho/answers.hpp"

#include <fmt/format.h>

#include <charconv>

namespace nudged::crmsim::zoho {
namespace {

std::int64_t to_integer(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) throw invalid_data("page_token");
    return value;
}

}  // namespace

std::string PageToken::str() const {
    return fmt::format("{}.{}.{}.{}.{}", parameters, to_millis(issued), served, last_value,
                       last_id);
}

std::string fingerprint_of_parameters(const loopback::Request& request) {
    std::string text = request.path + "\n" + std::string(request.header("if-modified-since"));
    for (const auto& [name, value] : request.query)
        if (name != "page_token" && name != "page") text += fmt::format("\n{}={}", name, value);
    return fingerprint(text).substr(0, 12);
}

PageToken parse_page_token(const loopback::Request& request, Instant tokens_from, Instant now) {
    const auto parts = split(request.parameter("page_token"), '.');
    if (parts.size() != 5) throw invalid_data("page_token");
    PageToken token{std::string(parts[0]), from_millis(to_integer(parts[1])),
                    static_cast<std::size_t>(to_integer(parts[2])), std::string(parts[3]),
                    std::string(parts[4])};
    if (token.parameters != fingerprint_of_parameters(request))
        throw refuse_about(400, "TOKEN_BOUND_DATA_MISMATCH",
                           "the request is not the one that the page_token was given for",
                           "param_name", "page_token");
    if (now >= token.issued + page_token_life || token.issued < tokens_from)
        throw refuse_about(400, "EXPIRED_VALUE", "the page_token has expired", "param_name",
                           "page_token");
    return token;
}

}  // namespace nudged::crmsim::zoho
